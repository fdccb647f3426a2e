package dev.narwhal.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.narwhal.upload.DeliveryVeto;
import dev.narwhal.upload.RowFence;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadConfiguration;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;

class DatabaseConfigurationIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** The settings of {@code application.yaml} included. */
    private ApplicationContextRunner server() {
        return new ApplicationContextRunner()
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withPropertyValues("narwhal.data-dir=" + directory.resolve("data"))
                .withBean("dataDirectory", Object.class, Object::new)
                .withBean(Clock.class, Clock::systemUTC)
                .withBean(RowFence.class, () -> RowFence.NONE)
                .withBean(DeliveryVeto.class, NoDeliveries::new)
                .withUserConfiguration(DatabaseConfiguration.class, UploadConfiguration.class)
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        TransactionManagerCustomizationAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        JdbcClientAutoConfiguration.class));
    }

    @Test
    void noUrl_databaseIsAFileBelowTheDataDirectory() {
        server().run(context -> {
            assertThat(context).hasNotFailed();
            UploadRepository uploads = context.getBean(UploadRepository.class);
            Upload row = uploads.create(UploadBuilder.upload().build());

            assertThat(uploads.find(row.id())).contains(row);
            assertThat(directory.resolve("data/db/narwhal.mv.db")).isRegularFile();
            assertThat(context.getBean(RowCommitter.class)).isInstanceOf(GroupCommitter.class);
            assertThat(context.getBeanFactory().getDependenciesForBean("embeddedDatabase"))
                    .contains("dataDirectory");
        });
    }

    @Test
    void emptyUrl_isNoUrl() {
        server().withPropertyValues("spring.datasource.url=")
                .run(context ->
                        assertThat(context).getBean(JdbcConnectionDetails.class).isInstanceOf(EmbeddedDatabase.class));
    }

    @Test
    void ownH2Url_isUsedAndSynced() {
        String url = "jdbc:h2:file:" + directory.resolve("own");

        server().withPropertyValues("spring.datasource.url=" + url).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(HikariDataSource.class).getJdbcUrl()).isEqualTo(url);
            assertThat(context.getBean(RowCommitter.class)).isInstanceOf(GroupCommitter.class);
            assertThat(directory.resolve("own.mv.db")).isRegularFile();
            assertThat(directory.resolve("data")).doesNotExist();
        });
    }

    @Test
    void pool_failsQuicklyAndNoticesDeadConnections() {
        server().run(context -> {
            HikariDataSource pool = context.getBean(HikariDataSource.class);

            assertThat(pool.getConnectionTimeout()).isEqualTo(2500);
            assertThat(pool.getMaximumPoolSize()).isEqualTo(16);
            assertThat(pool.getExceptionOverride()).isInstanceOf(DeadConnections.class);

            HikariDataSource own = (HikariDataSource) context.getBean("committerPool");
            assertThat(own.getMaximumPoolSize()).isOne();
            assertThat(own.getConnectionTimeout()).isEqualTo(2500);
            assertThat(own.getExceptionOverride()).isSameAs(pool.getExceptionOverride());
        });
    }

    @Test
    void postgresUrl_poolGetsTimeouts() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://localhost/narwhal");
        pool.addDataSourceProperty("socketTimeout", "5");

        ConnectionPoolSettings.apply(pool);

        assertThat(pool.getDataSourceProperties())
                .containsEntry("socketTimeout", "5")
                .containsEntry("connectTimeout", "2");
    }

    private static final class NoDeliveries implements DeliveryVeto {

        @Override
        public boolean cancel(UploadId id) {
            return true;
        }

        @Override
        public boolean removeDelivery(UploadId id) {
            return true;
        }
    }
}
