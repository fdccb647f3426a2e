package dev.narwhal.upload;

import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the uploads' rows to their database. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UploadProperties.class)
public class UploadConfiguration {

    /** The queue is looked up when it is needed: it delivers uploads, and so needs their repository itself. */
    @Bean
    @DependsOnDatabaseInitialization
    UploadRepository uploadRepository(
            JdbcClient jdbc,
            RowCommitter committer,
            ObjectProvider<DeliveryQueue> deliveries,
            UploadProperties properties,
            RowFence fence,
            Clock clock) {
        return new UploadRepository(
                jdbc,
                committer,
                deliveries::getObject,
                properties.expireAfter(),
                properties.largestUpload(),
                fence,
                clock);
    }

    @Bean
    @DependsOnDatabaseInitialization
    ExpiryRepository expiryRepository(JdbcClient jdbc, RowCommitter committer) {
        return new ExpiryRepository(jdbc, committer);
    }

    @Bean
    @DependsOnDatabaseInitialization
    InventoryRepository inventoryRepository(JdbcClient jdbc) {
        return new InventoryRepository(jdbc);
    }

    @Bean
    @DependsOnDatabaseInitialization
    RetentionRepository retentionRepository(
            JdbcClient jdbc, RowCommitter committer, ObjectProvider<DeliveryQueue> deliveries) {
        return new RetentionRepository(jdbc, committer, deliveries::getObject);
    }
}
