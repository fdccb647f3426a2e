package dev.narwhal.database;

import java.sql.DatabaseMetaData;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/** The databases that Narwhal works with. */
public enum DatabaseProduct {
    H2,
    POSTGRESQL;

    /** Of its migrations: {@code db/migration/h2}. */
    String directory() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalStateException when the database is another one, or does not say what it is */
    public static DatabaseProduct of(DataSource dataSource) {
        String product = product(dataSource);
        return switch (DatabaseDriver.fromProductName(product)) {
            case H2 -> H2;
            case POSTGRESQL -> POSTGRESQL;
            default ->
                throw new IllegalStateException("spring.datasource.url leads to a database of the kind '" + product
                        + "'; Narwhal works with PostgreSQL, and with H2");
        };
    }

    private static String product(DataSource dataSource) {
        try {
            return JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName);
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not say what it is", e);
        }
    }
}
