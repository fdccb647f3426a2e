package dev.narwhal.upload;

import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
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

/** Wires the uploads' rows to their database: the embedded one, or the one at {@code spring.datasource.url}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UploadProperties.class)
public class UploadConfiguration {

    private static final String COMMITTER_POOL = "committerPool";

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

    /** No candidate where somebody wants a pool: it is the committer's alone, and opens nothing where that needs none. */
    @Bean(name = COMMITTER_POOL, autowireCandidate = false, destroyMethod = "close")
    DataSource committerPool(DataSource dataSource) {
        return CommitterPool.beside(dataSource);
    }

    @Bean
    @DependsOn(COMMITTER_POOL)
    RowCommitter rowCommitter(DataSource dataSource, PlatformTransactionManager transactions, BeanFactory beans) {
        return RowCommitter.forDatabase(dataSource, beans.getBean(COMMITTER_POOL, DataSource.class), transactions);
    }

    @Bean
    CommitterHealth commitsHealthIndicator(RowCommitter committer) {
        return new CommitterHealth(committer);
    }

    @Bean
    CommitterMetrics committerMetrics(RowCommitter committer) {
        return new CommitterMetrics(committer);
    }

    /** The queue is looked up when it is needed: it delivers uploads, and so needs their repository itself. */
    @Bean
    @DependsOnDatabaseInitialization
    UploadRepository uploadRepository(
            JdbcClient jdbc,
            RowCommitter committer,
            ObjectProvider<DeliveryQueue> deliveries,
            UploadProperties properties,
            Clock clock) {
        return new UploadRepository(
                jdbc, committer, deliveries::getObject, properties.expireAfter(), properties.largestUpload(), clock);
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

    /** A URL that is set to nothing, as a compose file does with an unset variable, names no database. */
    static final class NoDatabaseIsNamed implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
