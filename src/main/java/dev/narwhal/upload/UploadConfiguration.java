package dev.narwhal.upload;

import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.function.SingletonSupplier;

/** Wires the repositories of uploads to the database. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({UploadProperties.class, RetentionProperties.class})
public class UploadConfiguration {

    /**
     * The listeners are looked up when the first event happens: a listener such as delivery needs the repositories that tell
     * it.
     */
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
            RetentionProperties retention,
            Clock clock) {
        return new UploadRepository(
                jdbc,
                committer,
                listeners,
                properties.expireAfter(),
                properties.largestUpload(),
                fence,
                retention.keepDelivered(),
                clock);
    }

    @Bean
    @DependsOnDatabaseInitialization
    ExpiryRepository expiryRepository(JdbcClient jdbc, RowCommitter committer, UploadListeners listeners) {
        return new ExpiryRepository(jdbc, committer, listeners);
    }

    @Bean
    @DependsOnDatabaseInitialization
    DatabaseAgeRepository databaseAgeRepository(JdbcClient jdbc, RowCommitter committer) {
        return new DatabaseAgeRepository(jdbc, committer);
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
}
