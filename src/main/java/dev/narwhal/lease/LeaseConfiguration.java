package dev.narwhal.lease;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LeaseProperties.class)
public class LeaseConfiguration {

    @Bean
    UploadLeases uploadLeases(LeaseProperties properties, MeterRegistry registry) {
        return new InProcessLeases(properties.takeoverTimeout(), new LeaseMetrics(registry));
    }
}
