package dev.narwhal.api.owners;

import dev.narwhal.access.limits.Limiter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires the endpoint of owners. */
@Configuration(proxyBeanMethods = false)
public class OwnersConfiguration {

    @Bean
    @Lazy
    OwnersController ownersController(Limiter limiter) {
        return new OwnersController(limiter);
    }
}
