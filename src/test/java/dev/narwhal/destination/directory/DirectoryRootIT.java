package dev.narwhal.destination.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationContract;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.TestContent;
import dev.narwhal.upload.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a directory is the one that it was. */
class DirectoryRootIT {

    private static final String OTHER = "f".repeat(32);

    @TempDir
    private Path folder;

    private TestDatabase database;
    private Path path;
    private Path marker;
    private Path away;

    @BeforeEach
    void open() {
        database = TestDatabase.h2(folder.resolve("data"));
        path = folder.resolve("files");
        marker = path.resolve(".narwhal-destination");
        away = folder.resolve("away");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private RootMarkers markers() {
        return markers("own");
    }

    private RootMarkers markers(String volume) {
        return new RootMarkers(database.jdbc(), volume);
    }

    /** As a start makes it. */
    private DirectoryDestination started() throws IOException {
        return started("own");
    }

    private DirectoryDestination started(String volume) throws IOException {
        return new DirectoryDestination(new DirectoryRoot(path, Optional.of(markers(volume))), 0);
    }

    private static DeliveryJob job(String key) {
        return new DeliveryJob(
                DestinationContract.newId(), key, PartPlan.of(10), null, null, Map.of(), OnConflict.FAIL, 1);
    }

    private static void deliver(Destination destination, String key) throws Exception {
        destination.deliver(job(key), TestContent.random(10), new MemoryJournal());
    }

    private static DestinationException failureOf(Destination destination) {
        return DestinationContract.failureOf(() -> deliver(destination, "a/file"));
    }

    @Test
    void firstUse_newDirectory_isMadeAndMarked() throws Exception {
        Destination destination = started();

        assertThat(Files.readString(marker).strip()).matches("[0-9a-f]{32}");
        deliver(destination, "a/file");
        deliver(started(), "b/file");
        assertThat(path.resolve("a/file")).exists();
        assertThat(path.resolve("b/file")).exists();
    }

    /** As an earlier version has left it. */
    @Test
    void firstUse_directoryFullOfFiles_isMarked() throws Exception {
        Files.createDirectories(path.resolve("uploads"));
        Files.writeString(path.resolve("uploads/old"), "old");

        deliver(started(), "a/file");

        assertThat(markers().find(path))
                .containsExactly(Files.readString(marker).strip());
        assertThat(path.resolve("uploads/old")).hasContent("old");
    }

    /** A crash before it was remembered, a second server, or a database that was made anew. */
    @Test
    void firstUse_markerIsThere_isTakenOver() throws Exception {
        Files.createDirectories(path);
        Files.writeString(marker, OTHER);

        deliver(started(), "a/file");

        assertThat(marker).hasContent(OTHER);
        assertThat(markers().find(path)).containsExactly(OTHER);
    }

    @Test
    void anotherServer_withTheSameDirectory_sharesItsMarker() throws Exception {
        deliver(started(), "a/file");

        deliver(started("another"), "b/file");

        Files.move(path, away);
        Files.createDirectory(path);
        assertThat(failureOf(started("another")).failure()).isEqualTo(Failure.DESTINATION);
    }

    /** The staging disk is away, too, and has become another one: the directory may be the one below the mount point. */
    @Test
    void newServer_anEmptyDirectoryWhereAnotherHasOne_getsNothing_untilItIsMarked() throws Exception {
        deliver(started(), "a/file");
        String known = Files.readString(marker);
        Files.move(path, away);

        Destination destination = started("new");

        assertThat(failureOf(destination).failure()).isEqualTo(Failure.DESTINATION);
        assertThat(path).doesNotExist();
        Files.createDirectory(path);
        assertThat(failureOf(started("new")).failure()).isEqualTo(Failure.DESTINATION);
        Files.writeString(marker, known);
        deliver(destination, "b/file");
    }

    /** Each with a disk of its own at the same path, as in containers. */
    @Test
    void serverOfBefore_isMarkedBesideAnother_once() throws Exception {
        deliver(started(), "a/file");
        Files.move(path, away);
        Files.createDirectory(path);
        database.jdbc()
                .sql("insert into volume_before_markers (volume) values ('old')")
                .update();

        deliver(started("old"), "b/file");

        assertThat(markers().find(path)).hasSize(2);
        Files.delete(marker);
        assertThat(failureOf(started("old")).failure()).isEqualTo(Failure.DESTINATION);
    }

    @Test
    void emptyDirectoryInItsPlace_getsNothing_untilItIsBack() throws Exception {
        Destination destination = started();
        deliver(destination, "a/before");
        Files.move(path, away);
        Files.createDirectory(path);

        DestinationException failure = failureOf(destination);

        assertThat(failure.failure()).isEqualTo(Failure.DESTINATION);
        assertThat(failure).hasMessageContainingAll(path.toString(), "has no marker", "mounted");
        assertThat(failureOf(started()).failure()).isEqualTo(Failure.DESTINATION);
        assertThat(path).isEmptyDirectory();
        Files.delete(path);
        Files.move(away, path);
        deliver(destination, "a/file");
        assertThat(path.resolve("a/file")).exists();
    }

    /** What is not there has not gone: a download may be tried again, and leftovers are removed when the disk is back. */
    @Test
    void emptyDirectoryInItsPlace_saysNothingOfFiles() throws Exception {
        Destination destination = started();
        deliver(destination, "a/file");
        Files.move(path, away);
        Files.createDirectory(path);

        assertThatThrownBy(() -> destination.read("a/file", 0, 10))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("has no marker");
        assertThat(DestinationContract.failureOf(() -> destination.abandon(job("a/file"), new MemoryJournal()))
                        .failure())
                .isEqualTo(Failure.DESTINATION);
        Files.delete(path);
        Files.move(away, path);
        assertThat(destination.read("a/file", 0, 10).readAllBytes()).hasSize(10);
        assertThatThrownBy(() -> destination.read("a/other", 0, 10)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void directoryMissingAtTheStart_isNotMade() throws Exception {
        deliver(started(), "a/before");
        Files.move(path, away);

        Destination destination = started();

        assertThat(failureOf(destination).failure()).isEqualTo(Failure.DESTINATION);
        assertThat(path).doesNotExist();
    }

    @Test
    void anothersMarker_isRefused_untilItIsWritten() throws Exception {
        Destination destination = started();
        String own = Files.readString(marker).strip();
        Files.writeString(marker, OTHER);

        DestinationException failure = failureOf(destination);

        assertThat(failure.failure()).isEqualTo(Failure.DESTINATION);
        assertThat(failure).hasMessageContainingAll("is another's", "write " + own + " into '" + marker + "'");
        Files.writeString(marker, own);
        deliver(destination, "a/file");
    }

    /** The disk goes while a file is copied. */
    @Test
    void directoryGoesDuringTheDelivery_isNotDelivered() throws Exception {
        Destination destination = started();
        MemoryJournal journal = new MemoryJournal() {
            @Override
            public synchronized boolean completing(@org.jspecify.annotations.Nullable String handle) {
                try {
                    Files.delete(marker);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return super.completing(handle);
            }
        };

        DestinationException failure = DestinationContract.failureOf(
                () -> destination.deliver(job("a/file"), TestContent.random(10), journal));

        assertThat(failure.failure()).isEqualTo(Failure.DESTINATION);
    }
}
