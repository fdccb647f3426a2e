package dev.narwhal.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One PostgreSQL for all tests of a JVM, started when the first asks for it, with a new and empty database for each that asks. It syncs
 * nothing: tests of what survives a crash start a {@link PostgresNode} of their own.
 */
public final class SharedPostgres {

    private static final AtomicInteger made = new AtomicInteger();

    private SharedPostgres() {}

    /** The JDBC URL of a database that nobody else uses; it names the user and lasts until the JVM ends. */
    public static String newDatabase() {
        String name = "test_" + made.incrementAndGet();
        try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("No database " + name, e);
        }
        return Server.RUNNING.getJdbcUrl("postgres", name);
    }

    private static final class Server {

        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
