package dev.narwhal.access.limits;

import dev.narwhal.access.ApiKey;
import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.UploadListener;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({OwnerLimitsProperties.class, ServerLimitsProperties.class})
public class LimitsConfiguration {

    @Bean
    @DependsOnDatabaseInitialization
    UsageRepository usageRepository(JdbcClient jdbc, RowCommitter committer, DataSource dataSource) {
        return new UsageRepository(jdbc, committer, dataSource);
    }

    @Bean
    Limiter limiter(
            OwnerLimitsProperties owners,
            ServerLimitsProperties server,
            UsageRepository usage,
            ApiKeys keys,
            MeterRegistry registry) {
        return new Limiter(
                owners.limits(),
                server,
                usage,
                id -> keys.inForce(id).map(ApiKey::limits).orElse(Limits.NONE),
                registry,
                TimeMeter.SYSTEM_NANOTIME);
    }

    @Bean
    UploadListener usageCounter(UsageRepository usage, Limiter limiter) {
        return new UsageCounter(usage, limiter);
    }
}
