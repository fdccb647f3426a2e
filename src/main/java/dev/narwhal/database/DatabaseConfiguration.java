package dev.narwhal.database;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;

/** Wires the database (the embedded one, or the one at {@code spring.datasource.url}), its pools and its committer. */
@Configuration(proxyBeanMethods = false)
public class DatabaseConfiguration {

    private static final String COMMITTER_POOL = "committerPool";

    /**
     * Opens the database only after the data directory is locked: a second process must fail on the lock before it reaches the
     * database.
     */
    @Bean
    @Conditional(NoDatabaseIsNamed.class)
    @DependsOn("dataDirectory")
    JdbcConnectionDetails embeddedDatabase(Environment environment) {
        return new EmbeddedDatabase(Path.of(environment.getRequiredProperty("narwhal.data-dir")));
    }

    @Bean
    Migrations migrations(DataSource dataSource) {
        return new Migrations(dataSource);
    }

    @Bean
    static ConnectionPoolSettings connectionPoolSettings() {
        return new ConnectionPoolSettings();
    }

    /**
     * Not an autowire candidate: only the committer uses this pool. The pool opens no connection for a committer that needs
     * none.
     */
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

    /** An empty URL, as compose files pass for an unset variable, names no database. */
    static final class NoDatabaseIsNamed implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
