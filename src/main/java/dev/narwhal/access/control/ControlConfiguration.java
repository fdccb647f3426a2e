package dev.narwhal.access.control;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Audit;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

@Configuration(proxyBeanMethods = false)
public class ControlConfiguration {

    /** Only for the embedded database, which no other process can open. */
    @Bean
    @DependsOn("dataDirectory")
    @Nullable
    ControlSocket controlSocket(Environment environment, ApiKeys keys, Clock clock, Audit audit) {
        if (StringUtils.hasText(environment.getProperty("spring.datasource.url"))) {
            return null;
        }
        Path dataDirectory = Path.of(environment.getRequiredProperty("narwhal.data-dir"))
                .toAbsolutePath()
                .normalize();
        return new ControlSocket(dataDirectory, new KeyCommands(keys, clock, audit));
    }
}
