package dev.narwhal.access.jwt;

import dev.narwhal.access.BearerTokens;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JwtProperties.class)
public class JwtConfiguration {

    /** It asks the issuer when the first token comes: a start does not depend on the issuer. */
    @Bean
    @Conditional(KeysAreNamed.class)
    BearerTokens issuedTokens(JwtProperties properties, Clock clock) {
        return new IssuedTokens(properties, clock);
    }

    static final class KeysAreNamed implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment environment = context.getEnvironment();
            return List.of("issuer-uri", "jwks-uri", "public-key").stream()
                    .map(name -> environment.getProperty(JwtProperties.PREFIX + "." + name))
                    .anyMatch(StringUtils::hasText);
        }
    }
}
