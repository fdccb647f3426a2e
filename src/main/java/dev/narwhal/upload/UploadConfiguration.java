package dev.narwhal.upload;

import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/** Wires the uploads' rows to their database: the embedded one, or the one at {@code spring.datasource.url}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UploadProperties.class)
public class UploadConfiguration {

    /** Only after the data directory is locked: two processes must not meet in the database before they meet the lock. */
    @Bean
    @Conditional(NoDatabaseIsNamed.class)
    @DependsOn("dataDirectory")
    JdbcConnectionDetails embeddedDatabase(Environment environment) {
        return new EmbeddedDatabase(Path.of(environment.getRequiredProperty("narwhal.data-dir")));
    }

    @Bean
    static ConnectionPoolSettings connectionPoolSettings() {
        return new ConnectionPoolSettings();
    }

    @Bean
    RowCommitter rowCommitter(DataSource dataSource, PlatformTransactionManager transactions) {
        return RowCommitter.forDatabase(dataSource, transactions);
    }

    /** Looked up when something happens: a listener such as delivery needs the repositories that tell it. */
    @Bean
    UploadListeners uploadListeners(ObjectProvider<UploadListener> listeners) {
        return new UploadListeners(
                SingletonSupplier.of(() -> listeners.orderedStream().toList()));
    }

    @Bean
    @DependsOnDatabaseInitialization
    UploadRepository uploadRepository(
            JdbcClient jdbc,
            RowCommitter committer,
            UploadListeners listeners,
            UploadProperties properties,
            RowFence fence,
            Clock clock) {
        return new UploadRepository(
                jdbc, committer, listeners, properties.expireAfter(), properties.largestUpload(), fence, clock);
    }

    @Bean
    @DependsOnDatabaseInitialization
    ExpiryRepository expiryRepository(JdbcClient jdbc, RowCommitter committer, UploadListeners listeners) {
        return new ExpiryRepository(jdbc, committer, listeners);
    }

    @Bean
    @DependsOnDatabaseInitialization
    InventoryRepository inventoryRepository(JdbcClient jdbc) {
        return new InventoryRepository(jdbc);
    }

    @Bean
    @DependsOnDatabaseInitialization
    RetentionRepository retentionRepository(
            JdbcClient jdbc, RowCommitter committer, DeliveryVeto deliveries, UploadListeners listeners) {
        return new RetentionRepository(jdbc, committer, deliveries, listeners);
    }

    /** A URL that is set to nothing, as a compose file does with an unset variable, names no database. */
    static final class NoDatabaseIsNamed implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
