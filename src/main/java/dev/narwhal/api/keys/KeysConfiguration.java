package dev.narwhal.api.keys;

import dev.narwhal.access.AccessProperties;
import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Authenticator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires the endpoints of keys and sessions. */
@Configuration(proxyBeanMethods = false)
public class KeysConfiguration {

    @Bean
    @Lazy
    KeysController keysController(ApiKeys keys) {
        return new KeysController(keys);
    }

    @Bean
    @Lazy
    SessionController sessionController(ApiKeys keys, Authenticator authenticator, AccessProperties properties) {
        return new SessionController(keys, authenticator, properties);
    }
}
