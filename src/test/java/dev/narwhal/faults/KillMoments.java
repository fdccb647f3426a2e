package dev.narwhal.faults;

import dev.narwhal.testkit.S3FaultProxy.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The moments at which a server is killed, told from outside: by the bytes and calls that pass a proxy, by what appears on
 * the disk, by the locks that its statements wait for.
 */
final class KillMoments {

    /** When a moment does not come, the server is killed all the same. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final List<String> CALLS =
            List.of("CompleteMultipartUpload", "PutObject", "UploadPart", "CreateMultipartUpload", "HeadObject");
    private static final List<String> TABLES = List.of("upload", "delivery", "delivery_part", "scheduled_tasks");

    private final Random luck;
    private final boolean postgres;

    /** @param postgres whether the servers' database is one that others can lock tables of */
    KillMoments(Random luck, boolean postgres) {
        this.luck = luck;
        this.postgres = postgres;
    }

    /** Something that is waited for. */
    @FunctionalInterface
    interface Waiting {
        /** Waits, kills the server when the moment has come or patience is over; returns whether it has come. */
        boolean thenKill(CrashedServer server) throws Exception;
    }

    /** A moment and its name. */
    record Moment(String name, Waiting waiting) {}

    /** All of them, each once: the most telling first, the others as luck has it. */
    List<Moment> all() {
        List<Moment> first = new ArrayList<>(
                List.of(held("CompleteMultipartUpload", Fault.HELD_ANSWER), inABody(), bytesWritten(), anyTime()));
        if (postgres) {
            first.add(1, locked("upload"));
        }
        List<Moment> others = new ArrayList<>(List.of(created(), linked(), copying(), starting(), anyTime()));
        for (String call : CALLS) {
            others.add(held(call, Fault.SILENCE));
            if (!call.equals("CompleteMultipartUpload")) {
                others.add(held(call, Fault.HELD_ANSWER));
            }
        }
        if (postgres) {
            TABLES.stream().skip(1).forEach(table -> others.add(locked(table)));
        }
        Collections.shuffle(others, luck);
        first.addAll(others);
        return first;
    }

    /** True when it came within the patience. */
    static boolean within(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private Moment anyTime() {
        long end = Duration.ofMillis(50 + luck.nextInt(2500)).toNanos();
        return new Moment("at any time", server -> {
            long begin = System.nanoTime();
            boolean came = within("the time", () -> System.nanoTime() - begin >= end);
            server.kill();
            return came;
        });
    }

    /** Exactly so many bytes of all clients together have come through. */
    private Moment inABody() {
        return new Moment("in a body", server -> {
            server.line().holdAfter(1 + luck.nextInt(32 << 20));
            boolean came = within("the byte", server.line()::isHolding);
            server.kill();
            return came;
        });
    }

    /** The store has heard of the call or not; the server does not know. */
    private Moment held(String call, Fault fault) {
        String what = fault == Fault.SILENCE ? "before " : "after ";
        return new Moment(what + call, server -> {
            server.storeLine().spoil((seen, occurrence) -> seen.equals(call) && occurrence == 1 ? fault : null);
            boolean came = within(call, server.storeLine()::isHolding);
            server.kill();
            return came;
        });
    }

    /** Statements that change that table wait for us, and die waiting. */
    private Moment locked(String table) {
        return new Moment("before a row of " + table, server -> {
            try (Connection connection = server.database();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table " + table + " in share mode");
                int enough = 1 + luck.nextInt(3);
                boolean came = within("waiting statements", () -> waiting(statement) >= enough);
                server.kill();
                connection.rollback();
                return came;
            }
        });
    }

    private static int waiting(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select count(*) from pg_locks where not granted")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** A staged file is there, its row perhaps not. */
    private Moment created() {
        return appears("a file is staged", KillMoments::staging, name -> !name.startsWith("."));
    }

    /** Bytes are in a staged file, their offset perhaps not in the row. */
    private Moment bytesWritten() {
        return new Moment("bytes are staged", server -> {
            long before = staged(server) + 1 + luck.nextInt(4 << 20);
            boolean came = within("bytes", () -> staged(server) >= before);
            server.kill();
            return came;
        });
    }

    private static Path staging(CrashedServer server) {
        return server.dataDir().resolve("staging");
    }

    private static long staged(CrashedServer server) throws IOException {
        return CrashVerdict.files(staging(server)).stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    /** A delivered file has its name, and its upload perhaps not its state. */
    private Moment linked() {
        return appears("a file is delivered", CrashedServer::delivered, name -> !name.startsWith("."));
    }

    /** A final upload is being copied. */
    private Moment copying() {
        return appears("a file is copied", CrashedServer::delivered, name -> name.startsWith("."));
    }

    private Moment appears(String name, Function<CrashedServer, Path> place, Predicate<String> wanted) {
        return new Moment(name, server -> {
            Path root = place.apply(server);
            Set<Path> before = new HashSet<>(CrashVerdict.files(root));
            boolean came = within(
                    name,
                    () -> CrashVerdict.files(root).stream()
                            .anyMatch(file -> wanted.test(file.getFileName().toString()) && !before.contains(file)));
            server.kill();
            return came;
        });
    }

    /** Twice: the second time while it comes back from the first. */
    private Moment starting() {
        return new Moment("while it starts", server -> {
            server.kill();
            server.killWhileStarting(1 + luck.nextInt(12));
            return true;
        });
    }
}
