package dev.narwhal.database;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Makes requests fail quickly while the database is unreachable, and work again by themselves. Never overrides what the user
 * has set, in the URL or for the pool.
 */
final class ConnectionPoolSettings implements BeanPostProcessor {

    private static final String POSTGRESQL = "jdbc:postgresql:";

    /**
     * Timeouts in seconds. Without the socket timeout a request would wait for ever on a connection whose peer has vanished
     * silently. No statement of this server takes a tenth of it.
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
