package dev.narwhal.ingest;

import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DeliveryQueue;
import dev.narwhal.upload.UploadProperties;
import dev.narwhal.upload.UploadRepository;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class IngestConfiguration {

    @Bean
    UploadCreator uploadCreator(UploadRepository uploads, StagingStore staging, Clock clock) {
        return new UploadCreator(uploads, staging, clock);
    }

    @Bean
    UploadConcatenator uploadConcatenator(
            UploadRepository uploads, StagingStore staging, UploadProperties properties, Clock clock) {
        return new UploadConcatenator(uploads, staging, properties.largestUpload(), clock);
    }

    @Bean
    ChunkAppender chunkAppender(UploadRepository uploads, StagingStore staging, UploadLeases leases) {
        return new ChunkAppender(uploads, staging, leases);
    }

    @Bean
    UploadLookup uploadLookup(UploadRepository uploads, UploadLeases leases, StagingStore staging) {
        return new UploadLookup(uploads, leases, staging);
    }

    @Bean
    UploadTerminator uploadTerminator(
            UploadRepository uploads, StagingStore staging, UploadLeases leases, DeliveryQueue deliveries) {
        return new UploadTerminator(uploads, staging, leases, deliveries);
    }
}
