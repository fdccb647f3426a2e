package dev.narwhal.access;

import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessProperties.class)
public class AccessConfiguration {

    @Bean
    ApiKeys apiKeys(JdbcClient jdbc, RowCommitter committer, Clock clock) {
        return new ApiKeys(new ApiKeyRepository(jdbc, committer), clock);
    }

    @Bean
    UploadUrlRepository uploadUrlRepository(JdbcClient jdbc, RowCommitter committer) {
        return new UploadUrlRepository(jdbc, committer);
    }

    @Bean
    UploadUrls uploadUrls(UploadUrlRepository repository, ApiKeys keys, Clock clock) {
        return new UploadUrls(repository, keys, clock);
    }

    @Bean
    Authenticator authenticator(
            AccessProperties properties, ApiKeys keys, UploadUrls urls, ObjectProvider<BearerTokens> tokens) {
        return new Authenticator(properties.mode(), keys, urls, tokens.getIfAvailable());
    }
}
