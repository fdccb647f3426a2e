package dev.narwhal.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Brings the tables to this version. Asks Flyway only when the history of migrations is not exactly that of this jar, since Flyway
 * alone takes a tenth of a start: a missing, failed, changed or unknown migration is Flyway's to apply or to refuse.
 *
 * <p>Every bean that uses the database comes after this one: {@link Detector}.
 */
final class Migrations implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    private static final String LOCATION = "classpath:db/migration/";

    /**
     * Flyway quotes its names, so they are in lower case also in H2. A row of the type TABLE records the creation of the history
     * itself.
     */
    private static final String HISTORY = """
            select "script", "checksum", "success" from "flyway_schema_history" where "type" <> 'TABLE'
            """;

    private final DataSource dataSource;

    Migrations(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @throws org.flywaydb.core.api.FlywayException when the tables cannot be brought to this version */
    @Override
    public void afterPropertiesSet() {
        var unused = migrate();
    }

    /** Returns false when nothing was to be done, and Flyway was not asked. */
    boolean migrate() {
        String location = LOCATION + DatabaseProduct.of(dataSource).directory();
        if (isCurrent(location)) {
            return false;
        }
        var unused = Flyway.configure()
                .dataSource(dataSource)
                .locations(location)
                .load()
                .migrate();
        return true;
    }

    private boolean isCurrent(String location) {
        Map<String, Integer> applied = applied();
        return !applied.isEmpty() && applied.equals(shipped(location));
    }

    /** Scripts with their checksums; empty when one has failed, has no checksum, or when there is no history. */
    private Map<String, Integer> applied() {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(HISTORY)) {
            return scripts(rows);
        } catch (SQLException e) {
            // Flyway says what is wrong, or creates the history.
            log.debug("database.no-history all migrations are to be made: {}", e.toString());
            return Map.of();
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private static Map<String, Integer> scripts(ResultSet rows) throws SQLException {
        Map<String, Integer> scripts = new HashMap<>();
        while (rows.next()) {
            int checksum = rows.getInt("checksum");
            boolean known = !rows.wasNull() && rows.getBoolean("success");
            @Nullable Integer before = scripts.put(rows.getString("script"), checksum);
            if (!known || before != null) {
                return Map.of();
            }
        }
        return scripts;
    }

    private static Map<String, Integer> shipped(String location) {
        Map<String, Integer> scripts = new HashMap<>();
        try {
            for (Resource script : new PathMatchingResourcePatternResolver().getResources(location + "/*.sql")) {
                scripts.put(String.valueOf(script.getFilename()), checksum(script));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The migrations cannot be read", e);
        }
        return scripts;
    }

    /** As Flyway computes it: of the lines without their ends. */
    private static int checksum(Resource script) throws IOException {
        CRC32 crc = new CRC32();
        script.getContentAsString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
        return (int) crc.getValue();
    }

    /** Spring lets the beans that use a database depend on the beans that this class names. */
    static final class Detector extends AbstractBeansOfTypeDatabaseInitializerDetector {

        @Override
        protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
            return Set.of(Migrations.class);
        }
    }
}
