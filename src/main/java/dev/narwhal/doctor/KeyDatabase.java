package dev.narwhal.doctor;

import dev.narwhal.access.ApiKeyRepository;
import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.audit.AuditConfiguration;
import dev.narwhal.database.DatabaseConfiguration;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.staging.DataDirectory;
import dev.narwhal.staging.DataDirectoryProperties;
import java.time.Clock;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.StringUtils;

/** The server's database and its keys, and nothing else of a server. Like a start it brings the tables to this version. */
@Configuration(proxyBeanMethods = false)
@Import({DatabaseConfiguration.class, AuditConfiguration.class})
@EnableConfigurationProperties(DataDirectoryProperties.class)
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    DataSourceAutoConfiguration.class,
    TransactionManagerCustomizationAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class
})
class KeyDatabase {

    /** The configured log file may be a running server's. */
    private static final Map<String, Object> OWN = Map.of(
            "logging.threshold.console", "off",
            "logging.file.name", "",
            "logging.file.path", "",
            "logging.config", "",
            "spring.datasource.hikari.maximum-pool-size", "2");

    /**
     * @throws RuntimeException when the database cannot be opened
     */
    static ConfigurableApplicationContext open(String... settings) {
        SpringApplication application = new SpringApplication(KeyDatabase.class) {
            @Override
            protected void configurePropertySources(ConfigurableEnvironment environment, String[] args) {
                super.configurePropertySources(environment, args);
                environment.getPropertySources().addFirst(new MapPropertySource("keys", OWN));
            }
        };
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        return application.run(settings);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Without a lock on the data directory where the database is another's: a server may hold it. */
    @Bean
    @Conditional(NoDatabaseIsNamed.class)
    DataDirectory dataDirectory(DataDirectoryProperties properties) {
        return DataDirectory.open(properties.path());
    }

    @Bean
    ApiKeys apiKeys(JdbcClient jdbc, RowCommitter committer, Clock clock) {
        return new ApiKeys(new ApiKeyRepository(jdbc, committer), clock);
    }

    static final class NoDatabaseIsNamed implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
