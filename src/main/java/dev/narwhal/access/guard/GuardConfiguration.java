package dev.narwhal.access.guard;

import dev.narwhal.access.AccessProperties;
import dev.narwhal.access.Audit;
import dev.narwhal.access.Authenticator;
import dev.narwhal.http.TrustedProxies;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
public class GuardConfiguration {

    private static final String SPRING_SERVLET = "dispatcherServlet";

    /** As Spring Security's own has: after what measures a request, before what reads it. */
    private static final int ORDER = -100;

    @Bean
    FilterRegistrationBean<LazyGuard> guard(
            ApplicationContext context, Authenticator authenticator, AccessProperties properties) {
        Environment environment = context.getEnvironment();
        String path = environment.getProperty("management.endpoints.web.base-path", "/actuator");
        FilterRegistrationBean<LazyGuard> registration =
                registration(context, authenticator, properties, path.equals("/") ? "" : path);
        // Not by a path: so it is never in front of the servlet of the uploads, whatever that one's path is.
        registration.setServletNames(List.of(SPRING_SERVLET));
        return registration;
    }

    static FilterRegistrationBean<LazyGuard> registration(
            ApplicationContext context, Authenticator authenticator, AccessProperties properties, String actuator) {
        GuardAudit audit =
                new GuardAudit(() -> context.getBean(Audit.class), TrustedProxies.of(context.getEnvironment()));
        OwnHosts hosts = OwnHosts.of(properties, context.getEnvironment());
        FilterRegistrationBean<LazyGuard> registration = new FilterRegistrationBean<>(new LazyGuard(
                () -> GuardChain.of(context, authenticator, properties, hosts, actuator), actuator, audit));
        registration.setOrder(ORDER);
        return registration;
    }
}
