package dev.narwhal.api;

import dev.narwhal.access.Audit;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.http.TrustedProxies;
import java.util.List;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;

/** What all endpoints of the API share. Their controllers are lazy: a server that nobody asks does not make them. */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {

    @Bean
    WebMvcConfigurer apiPlumbing(Audit audit, Limiter limiter, Environment environment) {
        TrustedProxies proxies = TrustedProxies.of(environment);
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument());
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // First, so that it hears of what the gate refuses.
                registry.addInterceptor(new AuditTrail(audit, proxies)).addPathPatterns(ApiFailures.PATH + "**");
                registry.addInterceptor(new EndpointGate()).addPathPatterns(ApiFailures.PATH + "**");
                registry.addInterceptor(new LimitGate(limiter)).addPathPatterns(ApiFailures.PATH + "**");
            }

            @Override
            public void addFormatters(FormatterRegistry registry) {
                registry.addConverterFactory(new ParameterText());
            }
        };
    }

    @Bean
    HandlerExceptionResolver apiFailures() {
        return new ApiFailures();
    }

    /**
     * Times are ISO 8601 in UTC, and null is written, as Jackson does by itself. A field that nobody knows is a mistake of the
     * client, and so is a number in quotes.
     */
    @Bean
    JsonMapperBuilderCustomizer apiJson() {
        return builder -> builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
    }
}
