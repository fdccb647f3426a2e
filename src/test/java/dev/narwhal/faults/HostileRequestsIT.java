package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.faults.HostileGrammar.Shot;
import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that nobody means well, over raw connections, many at once, against the real jar on PostgreSQL, which is the
 * stricter of the two databases: none may get an answer that it must not get, keep its connection for ever, be executed in
 * another's disguise, or leave anything behind.
 */
@Tag("faults")
@Tag("brief")
@TestInstance(Lifecycle.PER_CLASS)
class HostileRequestsIT {

    private static final Logger log = LoggerFactory.getLogger(HostileRequestsIT.class);
    private static final int AT_ONCE = 24;
    private static final int VICTIMS = 60;
    private static final byte[] TEN = "abcDEFGHIJ".getBytes(UTF_8);

    private final HostileAnswers answers = new HostileAnswers();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final PlainTus tus = new PlainTus();
    private Path dir;
    private EmbeddedPostgres database;
    private NarwhalProcess server;
    private HostileTargets targets;
    private ServerResources before;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        dir = temp;
        database = EmbeddedPostgres.builder().start();
        server = NarwhalProcess.start(
                dir.resolve("data"),
                "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres",
                // So that what is left open on purpose is ended while somebody waits for it.
                "--server.tomcat.connection-timeout=2s",
                "--narwhal.upload.body-timeout=2s");
        prepare();
        before = ServerResources.of(server);
    }

    @AfterAll
    void stop() throws Exception {
        tus.close();
        server.close();
        database.close();
    }

    @Test
    void malformedRequests_getAnswersThatTheyMayGet_andChangeNothing() throws Exception {
        Random luck = FaultRounds.luck("hostile requests");
        HostileGrammar grammar = new HostileGrammar(luck, targets);
        int shots = FaultRounds.times(10_000);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Semaphore room = new Semaphore(AT_ONCE);
            for (int i = 0; i < shots; i++) {
                Shot shot = grammar.next();
                int number = i;
                room.acquire();
                threads.submit(() -> {
                    fire(number, shot, true);
                    room.release();
                });
            }
        }
        log.info("Answers to {} requests; 0 is a connection ended without one:\n{}", shots, answers.table());
        assertThat(answers.count(100, 599)).as("answers at all").isGreaterThan(shots / 2);
        assertThat(answers.count(200, 299))
                .as("answers of requests that were right after all")
                .isPositive();
        assertUnharmed();
    }

    /** What stops in the middle and says nothing more, with its connection open. */
    @Test
    void unfinishedRequests_areEndedByTheServer() throws Exception {
        Random luck = FaultRounds.luck("unfinished requests");
        HostileGrammar grammar = new HostileGrammar(luck, targets);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < FaultRounds.times(300); i++) {
                Shot shot = grammar.next();
                byte[] part = Arrays.copyOf(shot.bytes(), luck.nextInt(shot.bytes().length + 1));
                int number = i;
                threads.submit(() -> fire(number, new Shot(shot.shape(), part), false));
            }
        }
        assertUnharmed();
    }

    private void fire(int number, Shot shot, boolean ending) {
        try {
            String said = HostileLine.exchange(server.port(), shot.bytes(), ending);
            for (String fault : answers.faults(shot.shape(), said)) {
                faults.add(fault + ", number " + number + "\n" + shown(shot) + "\n--- answered by\n" + cut(said));
            }
        } catch (IOException | RuntimeException e) {
            faults.add(e + ", number " + number + "\n" + shown(shot));
        }
    }

    private static String shown(Shot shot) {
        return "--- " + shot.shape() + "\n" + cut(new String(shot.bytes(), ISO_8859_1));
    }

    private static String cut(String text) {
        return text.length() > 1500 ? text.substring(0, 1500) + " ... " + text.length() : text;
    }

    private void assertUnharmed() throws Exception {
        Map<String, Long> kinds =
                faults.stream().collect(Collectors.groupingBy(fault -> fault.split(", ", 2)[0], Collectors.counting()));
        assertThat(faults.stream().limit(5)).as("%s", kinds).isEmpty();
        assertThat(server.log()).doesNotContain(" ERROR ", "Exception", "\tat ");
        assertThat(row(targets.foreign())).isEqualTo("somebody RECEIVING 3");
        assertThat(row(targets.canary())).isEqualTo(" RECEIVING 3");
        Awaitility.await("readiness").until(() -> ServerResources.readiness(server) == 200);
        URI canary = server.root().resolve("files/" + targets.canary());
        assertThat(tus.patch(canary, 3, Arrays.copyOfRange(TEN, 3, 10)).statusCode())
                .isEqualTo(204);
        Path expected = Files.write(dir.resolve("expected"), TEN);
        DeliveredFiles.in(server.delivered()).assertHolds(canary, expected);
        Awaitility.await("what was used is given back")
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> before.assertGivenBack(ServerResources.of(server)));
    }

    @BeforeEach
    void prepare() throws Exception {
        faults.clear();
        List<String> victims = new ArrayList<>();
        for (int i = 0; i < VICTIMS; i++) {
            victims.add(id(tus.create(server.uploads(), 1_000_000, "victim.bin")));
        }
        URI canary = begun("canary.txt");
        URI foreign = begun("foreign.txt");
        execute("update upload set owner = 'somebody' where id = ?", id(foreign));
        String metadata =
                "filename " + base64("a\r\nX-Canary: 1") + ",filetype " + base64("text/plain;x=\"a\r\nX-Canary: 1\"");
        URI poisoned = tus.create(server.uploads(), TEN.length, metadata, TEN);
        String host = "127.0.0.1:" + server.port();
        targets = new HostileTargets(host, victims, id(canary), id(foreign), id(poisoned));
    }

    private URI begun(String name) throws Exception {
        URI upload = tus.create(server.uploads(), TEN.length, name);
        assertThat(tus.patch(upload, 0, Arrays.copyOf(TEN, 3)).statusCode()).isEqualTo(204);
        return upload;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String id(URI upload) {
        return upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
    }

    private void execute(String sql, String id) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    /** Owner, state and offset. */
    private String row(String id) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select owner, state, \"offset\" from upload where id = ?")) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) + " " + row.getString(2) + " " + row.getLong(3) : "gone";
            }
        }
    }
}
