package dev.narwhal.database;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.transaction.PlatformTransactionManager;

/** The pools of a real database, with the settings of the server, without a Spring context. */
public final class TestPools {

    private TestPools() {}

    public static EmbeddedDatabase embedded(Path dataDirectory) {
        return new EmbeddedDatabase(dataDirectory);
    }

    public static HikariDataSource ofRequests(String url, String user, String password) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setMaximumPoolSize(16);
        pool.setConnectionTimeout(2500);
        pool.setValidationTimeout(1000);
        ConnectionPoolSettings.apply(pool);
        return pool;
    }

    public static HikariDataSource ofTheCommitter(DataSource requests) {
        return CommitterPool.beside(requests);
    }

    /** Commits on its caller's thread, also to an H2. */
    public static RowCommitter committingAtOnce(PlatformTransactionManager transactions) {
        return new DirectCommitter(transactions);
    }
}
