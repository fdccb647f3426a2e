package dev.narwhal.upload;

import com.zaxxer.hikari.HikariDataSource;
import dev.narwhal.database.ConnectionTap;
import dev.narwhal.database.EmbeddedDatabase;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.database.TestPools;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** A real database with the server's tables, wired as the server wires it, without a Spring context. */
public final class TestDatabase implements AutoCloseable {

    public static final Duration EXPIRE_AFTER = Duration.ofHours(24);

    private final HikariDataSource pool;
    private final HikariDataSource committerPool;
    private final DataSource dataSource;
    private final PlatformTransactionManager transactions;
    private final RowCommitter committer;

    private TestDatabase(HikariDataSource pool, UnaryOperator<DataSource> wrapper) {
        this.pool = pool;
        this.dataSource = wrapper.apply(pool);
        JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
        manager.setRollbackOnCommitFailure(true);
        this.transactions = manager;
        this.committerPool = TestPools.ofTheCommitter(dataSource);
        this.committer = RowCommitter.forDatabase(dataSource, committerConnections(), transactions);
    }

    /** Where the committer's own connection comes from; tapped, when the others are. */
    public DataSource committerConnections() {
        return dataSource instanceof ConnectionTap tap ? tap.beside(committerPool) : committerPool;
    }

    /** The embedded database of that data directory, as the server opens it, whatever is in it. */
    public static Connection connect(Path dataDirectory) throws SQLException {
        EmbeddedDatabase embedded = TestPools.embedded(dataDirectory);
        return DriverManager.getConnection(embedded.getJdbcUrl(), embedded.getUsername(), embedded.getPassword());
    }

    /** The embedded database of a server whose data directory is {@code dataDirectory}. */
    public static TestDatabase h2(Path dataDirectory) {
        return h2(dataDirectory, UnaryOperator.identity());
    }

    /** @param wrapper puts something between the connection pool and everything else */
    public static TestDatabase h2(Path dataDirectory, UnaryOperator<DataSource> wrapper) {
        EmbeddedDatabase embedded = TestPools.embedded(dataDirectory);
        return h2(embedded, embedded.getJdbcUrl(), wrapper);
    }

    /** @param layer a file system of H2's between ours and the disk */
    public static TestDatabase h2(Path dataDirectory, String layer) {
        EmbeddedDatabase embedded = TestPools.embedded(dataDirectory);
        return h2(
                embedded,
                embedded.getJdbcUrl().replace(":uninterrupted:", ":" + layer + ":uninterrupted:"),
                UnaryOperator.identity());
    }

    private static TestDatabase h2(EmbeddedDatabase embedded, String url, UnaryOperator<DataSource> wrapper) {
        HikariDataSource pool = TestPools.ofRequests(url, embedded.getUsername(), embedded.getPassword());
        migrate(pool, "h2");
        embedded.afterSingletonsInstantiated();
        return new TestDatabase(pool, wrapper);
    }

    public static TestDatabase postgres(String url) {
        return postgres(url, UnaryOperator.identity());
    }

    /** @param wrapper puts something between the connection pool and everything else */
    public static TestDatabase postgres(String url, UnaryOperator<DataSource> wrapper) {
        HikariDataSource pool = TestPools.ofRequests(url, "postgres", "postgres");
        migrate(pool, "postgresql");
        return new TestDatabase(pool, wrapper);
    }

    private static void migrate(DataSource dataSource, String vendor) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration/" + vendor)
                .load()
                .migrate();
    }

    public DataSource dataSource() {
        return dataSource;
    }

    public PlatformTransactionManager transactions() {
        return transactions;
    }

    public RowCommitter committer() {
        return committer;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource);
    }

    public UploadRepository repository(UploadListener listener, Clock clock) {
        return repository(committer, listener, clock);
    }

    UploadRepository repository(RowCommitter through, UploadListener listener, Clock clock) {
        return repository(through, listener, clock, Long.MAX_VALUE);
    }

    UploadRepository repository(RowCommitter through, UploadListener listener, Clock clock, long largest) {
        return new UploadRepository(
                jdbc(),
                through,
                UploadListeners.of(listener),
                EXPIRE_AFTER,
                largest,
                RowFence.NONE,
                Duration.ZERO,
                clock);
    }

    /** @param expireAfter 0 for never */
    UploadRepository repository(RowCommitter through, UploadListener listener, Duration expireAfter, Clock clock) {
        return new UploadRepository(
                jdbc(),
                through,
                UploadListeners.of(listener),
                expireAfter,
                Long.MAX_VALUE,
                RowFence.NONE,
                Duration.ZERO,
                clock);
    }

    public ExpiryRepository expiries(UploadListener... listeners) {
        return new ExpiryRepository(jdbc(), committer, UploadListeners.of(listeners));
    }

    public InventoryRepository inventory() {
        return new InventoryRepository(jdbc());
    }

    public DatabaseAgeRepository ages() {
        return new DatabaseAgeRepository(jdbc(), committer());
    }

    public RetentionRepository retention(DeliveryVeto deliveries, UploadListener... listeners) {
        return new RetentionRepository(jdbc(), committer, deliveries, UploadListeners.of(listeners));
    }

    @Override
    public void close() {
        committer.close();
        committerPool.close();
        pool.close();
    }
}
