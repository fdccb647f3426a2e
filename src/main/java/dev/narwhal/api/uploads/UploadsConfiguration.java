package dev.narwhal.api.uploads;

import dev.narwhal.delivery.ScheduledDeliveries;
import dev.narwhal.history.HistoryRows;
import dev.narwhal.ingest.UploadTerminator;
import dev.narwhal.upload.UploadRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the endpoints of uploads. */
@Configuration(proxyBeanMethods = false)
public class UploadsConfiguration {

    @Bean
    @Lazy
    UploadsController uploadsController(
            JdbcClient jdbc,
            HistoryRows history,
            UploadRepository uploads,
            UploadTerminator terminator,
            ScheduledDeliveries deliveries) {
        return new UploadsController(
                new UploadList(new UploadStreams(jdbc)),
                new UploadDetails(jdbc, history),
                uploads,
                terminator,
                deliveries);
    }
}
