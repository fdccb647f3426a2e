package dev.narwhal.database;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * What a pool needs so that requests fail quickly while the database is away, and work again by themselves. What the user
 * has set, in the URL or for the pool, is left alone.
 */
final class ConnectionPoolSettings implements BeanPostProcessor {

    private static final String POSTGRESQL = "jdbc:postgresql:";

    /**
     * Seconds. Without the socket's timeout a request waits for ever on a connection whose other end has vanished without
     * a word; no statement of ours takes a tenth of it.
     */
    private static final Map<String, String> POSTGRESQL_DEFAULTS =
            Map.of("connectTimeout", "2", "socketTimeout", "30", "tcpKeepAlive", "true", "ApplicationName", "narwhal");

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof HikariDataSource pool) {
            apply(pool);
        }
        return bean;
    }

    static void apply(HikariDataSource pool) {
        if (pool.getExceptionOverride() == null) {
            pool.setExceptionOverride(new DeadConnections(pool));
        }
        @Nullable String url = pool.getJdbcUrl();
        if (url != null && url.startsWith(POSTGRESQL)) {
            Properties properties = pool.getDataSourceProperties();
            POSTGRESQL_DEFAULTS.forEach(properties::putIfAbsent);
        }
    }
}
