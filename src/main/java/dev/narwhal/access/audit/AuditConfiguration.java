package dev.narwhal.access.audit;

import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditProperties.class)
public class AuditConfiguration {

    @Bean
    AuditRepository auditRepository(JdbcClient jdbc, RowCommitter committer) {
        return new AuditRepository(jdbc, committer);
    }

    @Bean
    AuditLog auditLog(AuditRepository repository, AuditProperties settings, Clock clock) {
        return new AuditLog(repository, settings, clock);
    }
}
