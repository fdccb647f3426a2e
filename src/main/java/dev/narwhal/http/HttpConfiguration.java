package dev.narwhal.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.RequestContextFilter;

/**
 * Beans that every protocol shares. Restricts Spring MVC's filters, which are mapped to every path, to Spring MVC's
 * servlet: one of them reads whole bodies into memory, and the others have no use elsewhere.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpProperties.class)
public class HttpConfiguration {

    private static final String SPRING_SERVLET = "dispatcherServlet";

    @Bean
    HeapShares heapShares(HttpProperties properties) {
        return HeapShares.of(properties);
    }

    @Bean
    BodyBudget bodyBudget(HeapShares shares, MeterRegistry registry) {
        return new BodyBudget(shares.bodies(), registry);
    }

    @Bean
    FilterRegistrationBean<BodyAdmissionFilter> bodyAdmissionFilter() {
        FilterRegistrationBean<BodyAdmissionFilter> registration =
                new FilterRegistrationBean<>(new BodyAdmissionFilter());
        registration.setServletNames(List.of(SPRING_SERVLET));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /** Replaces the automatic filter: the servlet itself does the filter's work. */
    @Bean
    FilterRegistrationBean<RequestContextFilter> requestContextFilter() {
        FilterRegistrationBean<RequestContextFilter> registration =
                new FilterRegistrationBean<>(new RequestContextFilter());
        registration.setEnabled(false);
        return registration;
    }

    /** Requests of other servlets have their own meters. */
    @Bean
    static BeanPostProcessor observationOfSpringServlet() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (name.equals("webMvcObservationFilter") && bean instanceof FilterRegistrationBean<?> filter) {
                    filter.setServletNames(List.of(SPRING_SERVLET));
                }
                return bean;
            }
        };
    }
}
