package dev.narwhal.download;

import dev.narwhal.destination.Destinations;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DeliveredLocations;
import dev.narwhal.upload.UploadRepository;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DownloadProperties.class)
public class DownloadConfiguration {

    @Bean
    UploadDownloads uploadDownloads(
            UploadRepository uploads, StagingStore staging, Destinations destinations, DeliveredLocations locations) {
        return new UploadDownloads(uploads, staging, destinations, locations);
    }
}
