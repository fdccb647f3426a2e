package dev.narwhal.web;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** The server's part of the upload page, and of the page about the API. Spring Boot serves the files, with {@code index.html} at the root. */
@Configuration(proxyBeanMethods = false)
public class WebConfiguration {

    /** Exact paths, so that no request to an upload runs through the filter. */
    private static final String[] PAGE = {
        "/",
        "/index.html",
        "/app.js",
        "/app.css",
        "/arrow.svg",
        "/narwhal.svg",
        "/narwhal.json",
        "/vendor/*",
        "/api/docs",
        "/api/docs/*"
    };

    @Bean
    FilterRegistrationBean<PageHeaders> pageHeaders(Environment environment) {
        String baseUrl = environment.getProperty("narwhal.tus.base-url", "");
        FilterRegistrationBean<PageHeaders> registration =
                new FilterRegistrationBean<>(new PageHeaders(origin(baseUrl)));
        registration.addUrlPatterns(PAGE);
        return registration;
    }

    /** Only in front of Spring MVC, which would throw: no request to an upload runs through the filter. */
    @Bean
    FilterRegistrationBean<MalformedPaths> malformedPaths() {
        FilterRegistrationBean<MalformedPaths> registration = new FilterRegistrationBean<>(new MalformedPaths());
        registration.addServletNames(DispatcherServletAutoConfiguration.DEFAULT_DISPATCHER_SERVLET_BEAN_NAME);
        return registration;
    }

    /**
     * {@code GET narwhal.json}: {@code {"uploads": "files"}}, the creation URL relative to the page, so that it is
     * right below a context path and behind a proxy that adds a prefix; or the public URL, where one is set.
     */
    @Bean
    RouterFunction<ServerResponse> pageSettings(Environment environment) {
        String path = environment.getProperty("narwhal.tus.path", "/files");
        String uploads = environment.getProperty("narwhal.tus.base-url", StringUtils.trimLeadingCharacter(path, '/'));
        return RouterFunctions.route()
                .GET(
                        "/narwhal.json",
                        request -> ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(Map.of("uploads", uploads)))
                .build();
    }

    @Bean
    WebMvcConfigurer pages() {
        return new WebMvcConfigurer() {
            @Override
            public void addViewControllers(ViewControllerRegistry registry) {
                // The page's files are named relative to its folder.
                registry.addRedirectViewController("/api/docs", "docs/").setContextRelative(false);
                registry.addViewController("/api/docs/").setViewName("forward:/api/docs/index.html");
            }

            @Override
            public void addResourceHandlers(ResourceHandlerRegistry registry) {
                // Each release of a vendored library has its own folder.
                registry.addResourceHandler("/vendor/**")
                        .addResourceLocations("classpath:/static/vendor/")
                        .setCacheControl(CacheControl.maxAge(Duration.ofDays(365))
                                .cachePublic()
                                .immutable());
            }
        };
    }

    /** Uploads may have another origin than the page; the page's policy must allow that origin. */
    private static String origin(String baseUrl) {
        if (baseUrl.isBlank()) {
            return "";
        }
        URI uri = URI.create(baseUrl);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
