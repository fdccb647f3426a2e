package dev.narwhal.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Stands in front of a connection pool: writes down what is sent to the database, and may fail it before or after. */
public final class ConnectionTap extends DelegatingDataSource {

    /** What a test does with a statement, or with "commit" or "rollback", as it is sent. */
    @FunctionalInterface
    public interface Fault {
        void before(String statement) throws SQLException;
    }

    public static final String COMMIT = "commit";
    public static final String SYNC = "CHECKPOINT SYNC";

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private volatile Fault before = statement -> {};
    private volatile Fault after = statement -> {};

    public ConnectionTap(DataSource pool) {
        super(pool);
    }

    /** Another pool of the same database, of which the same is written down. */
    public DataSource beside(DataSource other) {
        return new DelegatingDataSource(other) {
            @Override
            public Connection getConnection() throws SQLException {
                return tapped(super.getConnection());
            }
        };
    }

    public void before(Fault fault) {
        before = fault;
    }

    public void after(Fault fault) {
        after = fault;
    }

    public void clear() {
        sent.clear();
    }

    /** What was prepared, in its order, without commits, rollbacks and syncs. */
    public List<String> statements() {
        return sent.stream()
                .filter(statement -> !List.of(COMMIT, "rollback", SYNC).contains(statement))
                .toList();
    }

    /** Commits and syncs in their order. */
    public List<String> commitsAndSyncs() {
        return sent.stream().filter(List.of(COMMIT, SYNC)::contains).toList();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return tapped(super.getConnection());
    }

    private Connection tapped(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> call(real, method, arguments));
    }

    private @Nullable Object call(
            Connection real, java.lang.reflect.Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        String statement = statement(method.getName(), arguments);
        if (statement != null) {
            sent.add(statement);
            before.before(statement);
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            if (statement != null) {
                after.before(statement);
            }
        }
    }

    private static @Nullable String statement(String method, @Nullable Object @Nullable [] arguments) {
        if (Stream.of(COMMIT, "rollback").anyMatch(method::equals)) {
            return method;
        }
        return method.equals("prepareStatement") && arguments != null
                ? Arrays.stream(arguments).map(String::valueOf).findFirst().orElse(null)
                : null;
    }
}
