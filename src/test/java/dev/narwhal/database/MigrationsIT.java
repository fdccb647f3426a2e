package dev.narwhal.database;

import dev.narwhal.testkit.SharedPostgres;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class MigrationsIT {

    @Nested
    class OfH2 extends MigrationsContract {

        @TempDir
        @SuppressWarnings("NullAway.Init")
        private Path directory;

        @Override
        DataSource emptyDatabase() {
            return new DriverManagerDataSource("jdbc:h2:" + directory.resolve("migrated"), "narwhal", "");
        }
    }

    @Nested
    class OfPostgres extends MigrationsContract {

        @Override
        DataSource emptyDatabase() {
            return new DriverManagerDataSource(SharedPostgres.newDatabase());
        }
    }
}
