package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.faults.KillMoments.Moment;
import dev.narwhal.testkit.FaultRounds;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built server under uploads of every kind, delivering to an object store and to a directory, and killed by SIGKILL
 * again and again, at random and at moments that are told from outside.
 *
 * <p>After each kill: what was acknowledged is there, no offset is below what was told or above what was sent, no unverified
 * byte counts, and the first request of each client is served. At the end of a round: each finished upload is delivered once,
 * byte for byte, and nothing is left over.
 */
@Tag("faults")
@Tag("brief")
class CrashHarnessIT {

    private static final Logger log = LoggerFactory.getLogger(CrashHarnessIT.class);

    /** Kills of one server, before it is looked at as a whole. */
    private static final int KILLS = 3;

    private static final Pattern UNRECORDED = Pattern.compile("recovery\\.found .*with-unrecorded-bytes=(\\d+) ");

    @TempDir
    Path dir;

    private final Deque<Moment> moments = new ArrayDeque<>();
    private int kills;
    private int unreached;
    private int uploads;
    private long unrecorded;
    private long sentAgain;

    @Test
    void killed_withTheEmbeddedDatabase() throws Exception {
        Random luck = FaultRounds.luck("CrashHarnessIT H2");
        KillMoments choice = new KillMoments(luck, false);
        for (int round = 0; round < FaultRounds.times(1); round++) {
            play("h2-" + round, choice, luck, null);
        }
        report("H2");
    }

    @Test
    void killed_withPostgres() throws Exception {
        Random luck = FaultRounds.luck("CrashHarnessIT PostgreSQL");
        KillMoments choice = new KillMoments(luck, true);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            for (int round = 0; round < FaultRounds.times(1); round++) {
                String name = "crash" + round;
                try (Connection connection = postgres.getPostgresDatabase().getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("create database " + name);
                }
                play("postgres-" + round, choice, luck, postgres.getDatabase("postgres", name));
            }
        }
        report("PostgreSQL");
    }

    private void play(String name, KillMoments choice, Random luck, @Nullable DataSource postgres) throws Exception {
        Path root = Files.createDirectory(dir.resolve(name));
        try (CrashedServer server = new CrashedServer(root, postgres)) {
            try {
                play(server, choice, luck);
            } catch (Throwable e) {
                Path kept = Path.of("target", "crash-" + name + ".log");
                server.keepLog(kept);
                log.error("crash.failed the server's log is in {}", kept.toAbsolutePath());
                throw e;
            }
        }
        remove(root);
    }

    private void play(CrashedServer server, KillMoments choice, Random luck) throws Exception {
        try (CrashLoad load = new CrashLoad(server, luck)) {
            CrashVerdict verdict = new CrashVerdict(server, load);
            for (int i = 0; i < KILLS; i++) {
                kill(server, choice, load);
                server.restart();
                load.requireUnharmed();
                verdict.requireAcknowledged();
            }
            load.finish();
            verdict.requireAcknowledged();
            verdict.awaitDeliveries();
            server.stop();
            try (Connection connection = server.database()) {
                verdict.requireExactlyOnce(connection);
            }
            requireQuietLog(server);
            count(server, load);
        }
    }

    private void count(CrashedServer server, CrashLoad load) {
        uploads += load.home().size();
        sentAgain = Math.max(sentAgain, load.sentAgainAtMost());
        unrecorded += UNRECORDED
                .matcher(server.log())
                .results()
                .filter(found -> !found.group(1).equals("0"))
                .count();
    }

    private void report(String database) {
        log.info(
                "crash.total database={} kills={} moments-that-did-not-come={} kills-with-unrecorded-bytes={} uploads={} most-bytes-sent-again={}",
                database,
                kills,
                unreached,
                unrecorded,
                uploads,
                sentAgain);
    }

    private void kill(CrashedServer server, KillMoments choice, CrashLoad load) throws Exception {
        if (moments.isEmpty()) {
            moments.addAll(choice.all());
        }
        Moment moment = moments.removeFirst();
        Map<ClientPhase, Integer> hit = new EnumMap<>(ClientPhase.class);
        server.atEachKill(() -> hit.putAll(load.phases()));
        load.goOn();
        boolean came = moment.waiting().thenKill(server);
        kills++;
        unreached += came ? 0 : 1;
        log.info("crash.kill number={} moment=\"{}\" came={} clients={}", kills, moment.name(), came, hit);
    }

    /** Nothing was damaged, given up, or found to be a defect. */
    private static void requireQuietLog(CrashedServer server) {
        assertThat(server.log().lines().filter(line -> line.contains(" ERROR ")))
                .as("errors in the server's log")
                .isEmpty();
    }

    private static void remove(Path root) throws Exception {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
