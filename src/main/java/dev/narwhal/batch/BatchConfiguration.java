package dev.narwhal.batch;

import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the batches of uploads. */
@Configuration(proxyBeanMethods = false)
public class BatchConfiguration {

    @Bean
    @DependsOnDatabaseInitialization
    UploadBatches uploadBatches(JdbcClient jdbc) {
        return new UploadBatches(jdbc);
    }
}
