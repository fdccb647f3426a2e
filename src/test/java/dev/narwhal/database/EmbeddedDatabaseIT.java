package dev.narwhal.database;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.narwhal.database.h2.ForeignLogException;
import dev.narwhal.upload.RecordingDeliveries;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.util.DateTimeUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(120)
class EmbeddedDatabaseIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dataDirectory;

    @SuppressWarnings("NullAway.Init")
    private TestDatabase database;

    @BeforeEach
    void open() {
        database = TestDatabase.h2(dataDirectory);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private UploadRepository uploads() {
        return database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
    }

    @Test
    void file_isBelowTheDataDirectory() {
        assertThat(dataDirectory.resolve("db/narwhal.mv.db")).isRegularFile();
    }

    @Test
    void close_thenOpen_findsWhatWasThere() {
        Upload row = uploads().create(upload().build());

        close();
        assertThat(log(dataDirectory)).isEmptyFile();
        open();

        assertThat(uploads().find(row.id())).contains(row);
    }

    /** No later sync of that file is believed; so it is closed, whoever has it open, and done again from its log. */
    @Test
    void sync_failsOnce_isNotBelievedLater_andTheDatabaseGoesOn() throws Exception {
        close();
        FailingSyncs.register();
        database = TestDatabase.h2(dataDirectory, FailingSyncs.SCHEME);
        Upload row = uploads().create(upload().build());

        Upload told;
        try (Connection held = database.dataSource().getConnection()) {
            assertThat(held.isValid(1)).isTrue();
            FailingSyncs.fail(1);
            told = uploads().advance(row, 10, 1).orElseThrow();
            assertThat(FailingSyncs.left()).isZero();
            assertThat(held.isValid(1)).isFalse();
        }
        Path killed = copy("killed", database(dataDirectory), log(dataDirectory));

        await().ignoreExceptions().until(() -> uploads().find(row.id()).isPresent());
        Upload moved = uploads().advance(told, 20, 1).orElseThrow();
        close();
        try (TestDatabase other = TestDatabase.h2(killed)) {
            assertThat(other.repository(new RecordingDeliveries(other.jdbc()), Clock.systemUTC())
                            .find(row.id()))
                    .contains(told);
        }
        open();
        assertThat(uploads().find(row.id())).contains(moved);
    }

    /** Stopped in good order, the file needs no log: any H2 may have it meanwhile. */
    @Test
    void stopped_thenOpenedByPlainH2_findsWhatThatHasChanged() throws Exception {
        Upload row = uploads().create(upload().build());
        close();
        try (Connection plain = plain(dataDirectory);
                Statement statement = plain.createStatement()) {
            assertThat(statement.executeUpdate("update upload set filename = 'changed'"))
                    .isOne();
        }
        open();

        assertThat(uploads().find(row.id()).orElseThrow().filename()).isEqualTo("changed");
    }

    @Test
    void killed_thenOpenedByPlainH2_isRefused() throws Exception {
        // The log of a new database begins from no file, and has all of it.
        close();
        open();
        uploads().create(upload().build());
        Path killed = copy("killed", database(dataDirectory), log(dataDirectory));
        try (Connection plain = plain(killed);
                Statement statement = plain.createStatement()) {
            assertThat(statement.executeUpdate("update upload set filename = 'changed'"))
                    .isOne();
        }
        assertRefused(killed);

        Files.delete(log(killed));
        try (TestDatabase other = TestDatabase.h2(killed)) {
            assertThat(other.jdbc()
                            .sql("select filename from upload")
                            .query(String.class)
                            .single())
                    .isEqualTo("changed");
        }
    }

    /** Its own log is gone, and one of later lies there. */
    @Test
    void restoredWithoutItsLog_isRefused() throws Exception {
        close();
        Path backup = copy("backup", database(dataDirectory));
        open();
        uploads().create(upload().build());
        close();
        open();
        uploads().create(upload().build());
        assertRefused(copy("restored", database(backup), log(dataDirectory)));
    }

    @Test
    void restoredWithAnOlderLog_isRefused() throws Exception {
        uploads().create(upload().build());
        Path early = copy("early", log(dataDirectory));
        close();
        open();
        uploads().create(upload().build());
        assertRefused(copy("restored", database(dataDirectory), log(early)));
        close();
        assertRefused(copy("stopped", database(dataDirectory), log(early)));
    }

    /** The log goes on from the state in which the file was before. */
    @Test
    void restoredToWhatTheLogGoesOnFrom_isBroughtForward() throws Exception {
        close();
        Path backup = copy("backup", database(dataDirectory));
        open();
        Upload row = uploads().create(upload().build());
        Path restored = copy("restored", database(backup), log(dataDirectory));

        try (TestDatabase other = TestDatabase.h2(restored)) {
            assertThat(other.repository(new RecordingDeliveries(other.jdbc()), Clock.systemUTC())
                            .find(row.id()))
                    .contains(row);
        }
    }

    /** As whoever only wants to know something does: a server may start meanwhile, and finds the file as it was. */
    @Test
    void readOnly_besideAServerThatStarts_changesAndLocksNothing() throws Exception {
        Upload row = uploads().create(upload().build());
        assertThat(EmbeddedDatabase.isWhole(dataDirectory)).isFalse();
        close();
        assertThat(EmbeddedDatabase.isWhole(dataDirectory)).isTrue();
        byte[] before = Files.readAllBytes(database(dataDirectory));
        try (Connection reading = EmbeddedDatabase.connectReadOnly(dataDirectory);
                Statement statement = reading.createStatement()) {
            try (ResultSet found = statement.executeQuery("select id from upload")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getString(1)).isEqualTo(row.id().value());
            }
            assertThatThrownBy(() -> statement.execute("delete from upload")).isInstanceOf(SQLException.class);
            assertThat(Files.readAllBytes(database(dataDirectory))).isEqualTo(before);
            open();
        }
        close();
        try (Connection reading = EmbeddedDatabase.connectReadOnly(dataDirectory)) {
            before = Files.readAllBytes(database(dataDirectory));
            assertThat(reading.isReadOnly()).isTrue();
        }
        assertThat(Files.readAllBytes(database(dataDirectory))).isEqualTo(before);
        open();
        assertThat(uploads().find(row.id())).contains(row);
    }

    private static Path database(Path data) {
        return EmbeddedDatabase.file(data);
    }

    private static Path log(Path data) {
        return data.resolve("db/narwhal.mv.db.redo");
    }

    /** A data directory of that name, with those files. */
    private Path copy(String name, Path... files) throws IOException {
        Path place = dataDirectory.resolve(name);
        Files.createDirectories(place.resolve("db"));
        for (Path file : files) {
            Files.copy(file, place.resolve("db").resolve(file.getFileName()));
        }
        return place;
    }

    private static Connection plain(Path data) throws SQLException {
        return DriverManager.getConnection("jdbc:h2:" + data.resolve("db/narwhal"), "narwhal", "");
    }

    private static void assertRefused(Path data) throws IOException {
        byte[] before = Files.readAllBytes(database(data));
        assertThatThrownBy(() -> TestDatabase.h2(data))
                .satisfies(failure -> assertThat(NestedExceptionUtils.getRootCause(failure))
                        .isInstanceOf(ForeignLogException.class)
                        .hasMessageContaining(log(data).toString()));
        assertThat(Files.readAllBytes(database(data))).isEqualTo(before);
        assertThat(Files.size(log(data))).isPositive();
    }

    @Test
    void path_withASemicolon_isRefusedWithASentence() {
        assertThatThrownBy(() -> new EmbeddedDatabase(dataDirectory.resolve("a;b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narwhal.data-dir")
                .hasMessageContaining("a;b");
    }

    @Test
    void path_withSpacesAndUnicode_works() {
        try (TestDatabase other = TestDatabase.h2(dataDirectory.resolve("gro\u00df #1 100% \u6f22"))) {
            assertThat(other.jdbc()
                            .sql("select count(*) from upload")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
        assertThat(dataDirectory.resolve("gro\u00df #1 100% \u6f22/db/narwhal.mv.db"))
                .isRegularFile();
    }

    @Test
    void statements_fromThreadsThatAreInterruptedAllTheTime_doNotCloseTheDatabase() throws Exception {
        fillBeyondTheCache();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int id = i + 1;
            clients.add(Thread.ofPlatform().start(() -> readAndWriteUntil(over, id)));
        }
        Instant end = Instant.now().plus(Duration.ofSeconds(5));
        while (Instant.now().isBefore(end)) {
            clients.forEach(Thread::interrupt);
            Thread.onSpinWait();
        }
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }

        Upload row = uploads().create(upload().build());
        assertThat(uploads().find(row.id())).contains(row);
        assertThat(database.jdbc()
                        .sql("select count(*) from bulk where filler is not null")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2_000);
    }

    /** More than H2 keeps in memory, so that reading goes to the file. */
    private void fillBeyondTheCache() {
        database.jdbc().sql("set cache_size 512").update();
        database.jdbc()
                .sql("create table bulk (id int primary key, filler varchar)")
                .update();
        database.jdbc()
                .sql("insert into bulk select x, repeat(cast(random_uuid() as varchar), 100) from system_range(1,"
                        + " 2000)")
                .update();
    }

    /** An interrupt may fail a statement, by the connection pool for example; the database must not care. */
    private void readAndWriteUntil(AtomicBoolean over, int id) {
        JdbcClient jdbc = database.jdbc();
        while (!over.get()) {
            try {
                jdbc.sql("select sum(char_length(filler)) from bulk")
                        .query(Long.class)
                        .single();
            } catch (RuntimeException e) {
                Thread.interrupted();
            }
        }
    }

    @Test
    void closedBehindOurBack_isReopenedByTheNextRequests() {
        Upload row = uploads().create(upload().build());
        // As H2 does by itself on an I/O error.
        database.jdbc().sql("shutdown immediately").update();

        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            try {
                return uploads().find(row.id()).isPresent();
            } catch (RuntimeException e) {
                failure.set(e);
                assertThat(DatabaseFailures.isUnavailable(e)).isTrue();
                return false;
            }
        });

        assertThat(uploads().advance(row, 10, 1)).isPresent();
    }

    @Test
    void time_withoutZone_inTheHourThatALocalClockRepeats_meansOneInstant() {
        TimeZone before = TimeZone.getDefault();
        useTimeZone(TimeZone.getTimeZone("Europe/Berlin"));
        try (TestDatabase local = TestDatabase.h2(dataDirectory.resolve("local"))) {
            assertThat(stored(local, "2026-10-25T00:30:00Z")).isEqualTo("2026-10-25T00:30:00Z");
            assertThat(stored(local, "2026-10-25T01:30:00Z")).isEqualTo("2026-10-25T01:30:00Z");
        } finally {
            useTimeZone(before);
        }
    }

    private static void useTimeZone(TimeZone zone) {
        TimeZone.setDefault(zone);
        // H2 asks for it once.
        DateTimeUtils.resetCalendar();
    }

    /** As db-scheduler does it. */
    private static String stored(TestDatabase database, String time) {
        database.jdbc().sql("delete from scheduled_tasks").update();
        database.jdbc()
                .sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('a', 'b', :time, false, 1)")
                .param("time", Timestamp.from(Instant.parse(time)))
                .update();
        return database.jdbc()
                .sql("select execution_time from scheduled_tasks")
                .query((row, number) -> row.getTimestamp(1).toInstant().toString())
                .single();
    }

    @Test
    void traceFile_isNotWritten() throws Exception {
        assertThatThrownBy(() ->
                        database.jdbc().sql("select * from nowhere").query().listOfRows())
                .isInstanceOf(RuntimeException.class);

        try (var files = Files.list(dataDirectory.resolve("db"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("narwhal.mv.db", "narwhal.mv.db.redo");
        }
    }
}
