package dev.narwhal.access.guard;

import dev.narwhal.access.AccessProperties;
import dev.narwhal.access.Authenticator;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/** The same guard for the endpoints on a port of their own, {@code management.server.port}, where nothing else is. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
public class ManagementGuardConfiguration {

    @Bean
    FilterRegistrationBean<LazyGuard> managementGuard(
            ApplicationContext context, Authenticator authenticator, AccessProperties properties) {
        String path = context.getEnvironment().getProperty("management.endpoints.web.base-path", "/actuator");
        FilterRegistrationBean<LazyGuard> registration =
                GuardConfiguration.registration(context, authenticator, properties, path.equals("/") ? "" : path);
        registration.addUrlPatterns("/*");
        return registration;
    }
}
