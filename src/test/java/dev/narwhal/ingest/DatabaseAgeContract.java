package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.staging.SeenDatabase;
import dev.narwhal.staging.SeenDatabase.Memory;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a database is older than a staging volume, through starts, creations and restored backups. */
abstract class DatabaseAgeContract {

    private static final Instant FIRST = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    Path folder;

    private final String volume = UploadId.random().value();
    private final List<Runnable> later = new ArrayList<>();
    private Instant now = FIRST;

    abstract TestDatabase database();

    @BeforeEach
    void requireNothingYet() {
        assertThat(database().ages().find(volume)).isZero();
    }

    private DatabaseAge start() throws IOException {
        return DatabaseAge.atStart(
                volume,
                database().ages(),
                new SeenDatabase(folder),
                Clock.fixed(now, ZoneOffset.UTC),
                (task, after) -> later.add(task));
    }

    private DatabaseAge startLater() throws IOException {
        now = now.plusSeconds(3600);
        return start();
    }

    private Memory seen() throws IOException {
        return new SeenDatabase(folder).read().orElseThrow();
    }

    private static void create(DatabaseAge age) {
        Upload row = UploadBuilder.upload().build();
        age.committed(new UploadEvent(UploadEvent.Type.CREATED, null, row));
    }

    @Test
    void firstStart_trustsWhatIsStagedFromNowOn() throws IOException {
        assertThat(start().completeSince()).isEqualTo(FIRST);
    }

    @Test
    void nextStart_withTheSameDatabase_trustsWhatWasStagedSince() throws IOException {
        DatabaseAge first = start();
        create(first);
        later.removeFirst().run();

        assertThat(startLater().completeSince()).isEqualTo(FIRST);
    }

    @Test
    void restoredDatabase_isOlder_andStaysSoForWhatWasStagedBefore() throws IOException {
        DatabaseAge first = start();
        long backup = database().ages().find(volume);
        create(first);
        later.removeFirst().run();
        restore(backup);

        Instant restored = startLater().completeSince();

        assertThat(restored).isEqualTo(now.plus(DatabaseAge.MARGIN));
        assertThat(startLater().completeSince()).isEqualTo(restored);
    }

    /** The volume is told first: otherwise the next start would take the restored database for the one that it knows. */
    @Test
    void crashWhileAnOlderDatabaseIsFound_hidesNothing() throws IOException {
        SeenDatabase full = new SeenDatabase(folder.resolve("nothing-here"));
        new SeenDatabase(folder).write(new Memory(9, FIRST));
        restore(5);
        Files.createDirectory(folder.resolve("nothing-here"));
        full.write(new Memory(9, FIRST));
        Files.createDirectory(folder.resolve("nothing-here/.database.new"));

        assertThatThrownBy(() -> DatabaseAge.atStart(
                        volume, database().ages(), full, Clock.fixed(now, ZoneOffset.UTC), (task, after) -> {}))
                .isInstanceOf(IOException.class);

        assertThat(database().ages().find(volume)).isLessThan(9);
        assertThat(startLater().completeSince()).isAfter(FIRST);
    }

    @Test
    void databaseThatGoesBackUnderTheServer_isOlder() throws IOException {
        DatabaseAge age = start();
        create(age);
        later.removeFirst().run();
        restore(1);
        later.removeFirst().run();
        now = now.plusSeconds(60);
        create(age);
        later.removeFirst().run();

        assertThat(age.completeSince()).isAfter(FIRST);
        assertThat(startLater().completeSince()).isEqualTo(age.completeSince());
    }

    @Test
    void stop_movesTheAgeOfTheLastCreations() throws IOException {
        DatabaseAge age = start();
        create(age);
        later.removeFirst().run();
        create(age);

        age.close();

        assertThat(seen().age()).isEqualTo(3);
        age.close();
        assertThat(seen().age()).isEqualTo(3);
    }

    @Test
    void lostDatabase_isOlder() throws IOException {
        var unused = start();
        restore(0);

        assertThat(startLater().completeSince()).isEqualTo(now.plus(DatabaseAge.MARGIN));
    }

    @Test
    void crashBetweenDatabaseAndVolume_isNoOlderDatabase() throws IOException {
        var unused = start();
        database().ages().raise(volume, 100);

        assertThat(startLater().completeSince()).isEqualTo(FIRST);
        assertThat(seen().age()).isEqualTo(101);
    }

    @Test
    void manyCreations_costOneChangeAtOnce_andOneAfterThePause() throws IOException {
        DatabaseAge age = start();
        create(age);
        create(age);
        assertThat(later).hasSize(1);

        later.removeFirst().run();
        assertThat(seen().age()).isEqualTo(2);
        create(age);
        assertThat(later).as("the end of the pause").hasSize(1);
        later.removeFirst().run();
        later.removeFirst().run();

        assertThat(seen().age()).isEqualTo(3);
        assertThat(database().ages().find(volume)).isEqualTo(3);
        later.removeFirst().run();
        assertThat(later).as("nothing was created in the pause").isEmpty();
    }

    @Test
    void volumeThatCannotBeWritten_isTriedAgain() throws IOException {
        DatabaseAge age = start();
        Path inTheWay = Files.createDirectory(folder.resolve(".database.new"));
        create(age);
        later.removeFirst().run();
        assertThat(seen().age()).isEqualTo(1);

        Files.delete(inTheWay);
        later.removeFirst().run();
        later.removeFirst().run();

        assertThat(seen().age()).isGreaterThan(1).isEqualTo(database().ages().find(volume));
    }

    @Test
    void damagedMemory_trustsWhatIsStagedFromNowOn() throws IOException {
        var unused = start();
        Files.writeString(folder.resolve(".database"), "what is this");

        assertThat(startLater().completeSince()).isEqualTo(now);
    }

    private void restore(long age) {
        int unused = database()
                .jdbc()
                .sql("delete from database_age where volume = :volume")
                .param("volume", volume)
                .update();
        if (age > 0) {
            database().ages().raise(volume, age);
        }
    }
}
