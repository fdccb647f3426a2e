package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

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
                volume, database().ages(), new SeenDatabase(folder), Clock.fixed(now, ZoneOffset.UTC), later::add);
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

        assertThat(restored).isEqualTo(now).isAfter(FIRST);
        assertThat(startLater().completeSince()).isEqualTo(restored);
    }

    @Test
    void lostDatabase_isOlder() throws IOException {
        var unused = start();
        restore(0);

        assertThat(startLater().completeSince()).isEqualTo(now);
    }

    @Test
    void crashBetweenDatabaseAndVolume_isNoOlderDatabase() throws IOException {
        var unused = start();
        database().ages().raise(volume, 100);

        assertThat(startLater().completeSince()).isEqualTo(FIRST);
        assertThat(seen().age()).isEqualTo(101);
    }

    @Test
    void manyCreations_costOneChange() throws IOException {
        DatabaseAge age = start();
        create(age);
        create(age);
        assertThat(later).hasSize(1);

        later.removeFirst().run();
        create(age);

        assertThat(later).hasSize(1);
        assertThat(seen().age()).isEqualTo(2);
        assertThat(database().ages().find(volume)).isEqualTo(2);
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
                .sql("update database_age set age = :age where volume = :volume")
                .param("age", age)
                .param("volume", volume)
                .update();
    }
}
