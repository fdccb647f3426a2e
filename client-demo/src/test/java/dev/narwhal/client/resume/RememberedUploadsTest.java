package dev.narwhal.client.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedUploadsTest {

    private static final Instant NOW = Instant.parse("2030-05-01T12:00:00Z");
    private static final URI ENDPOINT = URI.create("http://localhost:8080/files");
    private static final URI UPLOAD = URI.create("http://localhost:8080/files/0123456789abcdef0123456789abcdef");
    private static final UploadKey KEY = key("/films/ö =:#! film.mp4", 5000, NOW);

    @TempDir
    private Path temporary;

    private Path directory;
    private RememberedUploads uploads;

    @BeforeEach
    void below_aDirectoryThatIsNotThere() {
        directory = temporary.resolve("state").resolve("narwhal-client");
        uploads = reopened();
    }

    @Test
    void find_nothingRemembered_isEmptyAndCreatesNothing() throws IOException {
        assertThat(uploads.find(KEY)).isEmpty();
        assertThat(directory).doesNotExist();
    }

    @Test
    void find_afterRemember_isTheUrlInTheNextProcessToo() throws IOException {
        uploads.remember(KEY, UPLOAD);
        assertThat(uploads.find(KEY)).contains(UPLOAD);
        assertThat(reopened().find(KEY)).contains(UPLOAD);
    }

    @Test
    void remember_again_replacesAndLeavesNoTemporaryFile() throws IOException {
        uploads.remember(KEY, URI.create("http://localhost:8080/files/old"));
        uploads.remember(KEY, UPLOAD);
        assertThat(uploads.find(KEY)).contains(UPLOAD);
        assertThat(names()).hasSize(1).allMatch(name -> name.endsWith(".upload"));
    }

    @Test
    void find_anotherPathSizeTimeOrServer_isEmpty() throws IOException {
        uploads.remember(KEY, UPLOAD);
        assertThat(uploads.find(key("/films/other.mp4", KEY.size(), NOW))).isEmpty();
        assertThat(uploads.find(key(KEY.file().toString(), KEY.size() + 1, NOW)))
                .isEmpty();
        assertThat(uploads.find(key(KEY.file().toString(), KEY.size(), NOW.plusNanos(1000))))
                .isEmpty();
        URI elsewhere = URI.create("http://localhost:8081/files");
        assertThat(uploads.find(new UploadKey(KEY.file(), KEY.size(), NOW, elsewhere)))
                .isEmpty();
    }

    @Test
    void forget_remembered_leavesNothing() throws IOException {
        uploads.remember(KEY, UPLOAD);
        uploads.forget(KEY);
        uploads.forget(KEY);
        assertThat(uploads.find(KEY)).isEmpty();
        assertThat(names()).isEmpty();
    }

    @Test
    void find_damagedEntry_isEmpty() throws IOException {
        uploads.remember(KEY, UPLOAD);
        Path entry = directory.resolve(names().getFirst());
        for (String damage : List.of("", "url=\\u12", "url=http://[", "url=nothing", "file=x")) {
            Files.writeString(entry, damage);
            assertThat(uploads.find(KEY)).as(damage).isEmpty();
        }
    }

    @Test
    void remember_onPosix_isForTheOwnerAlone() throws IOException {
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        uploads.remember(KEY, UPLOAD);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(names().getFirst()))))
                .isEqualTo("rw-------");
    }

    @Test
    void claim_heldByAnother_isEmptyUntilClosed() throws IOException {
        Optional<Claim> first = uploads.claim(KEY);
        assertThat(first).isPresent();
        assertThat(reopened().claim(KEY)).isEmpty();
        first.get().close();
        Optional<Claim> second = reopened().claim(KEY);
        assertThat(second).isPresent();
        second.get().close();
        assertThat(names()).isEmpty();
    }

    @Test
    void removeOld_entryOfLastMonth_goesAndTheRestStays() throws IOException {
        UploadKey old = key("/films/old.mp4", 1, NOW);
        uploads.remember(old, UPLOAD);
        Path entry = directory.resolve(names().getFirst());
        Files.setLastModifiedTime(
                entry, FileTime.from(NOW.minus(RememberedUploads.KEPT_FOR).minusSeconds(1)));
        uploads.remember(KEY, UPLOAD);
        Files.setLastModifiedTime(
                directory.resolve(KEY.digest() + ".upload"),
                FileTime.from(NOW.minus(RememberedUploads.KEPT_FOR).plus(Duration.ofSeconds(1))));
        uploads.removeOld();
        assertThat(uploads.find(old)).isEmpty();
        assertThat(uploads.find(KEY)).contains(UPLOAD);
    }

    @Test
    void key_relativeFile_isRefused() {
        assertThatThrownBy(() -> key("film.mp4", 1, NOW)).hasMessageContaining("'film.mp4'");
    }

    private RememberedUploads reopened() {
        return new RememberedUploads(directory, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        }
    }

    private static UploadKey key(String file, long size, Instant modified) {
        return new UploadKey(Path.of(file), size, modified, ENDPOINT);
    }
}
