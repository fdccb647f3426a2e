package dev.narwhal.access.guard;

import dev.narwhal.access.AccessProperties;
import dev.narwhal.access.Authenticator;
import dev.narwhal.access.Credentials;
import dev.narwhal.access.Role;
import dev.narwhal.http.HttpError;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.authentication.builders.AuthenticationManagerBuilder;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/**
 * Spring Security's filters as it sets them up by itself: its firewall, its headers, its check of changes that come with a cookie. Who
 * calls is this server's to find out, and no filter keeps a session.
 */
final class GuardChain {

    private static final Duration PREFLIGHT = Duration.ofDays(1);

    private final Authenticator authenticator;
    private final AccessProperties properties;
    private final OwnHosts hosts;
    private final String actuator;

    private GuardChain(Authenticator authenticator, AccessProperties properties, OwnHosts hosts, String actuator) {
        this.authenticator = authenticator;
        this.properties = properties;
        this.hosts = hosts;
        this.actuator = actuator;
    }

    static Filter of(
            ApplicationContext context,
            Authenticator authenticator,
            AccessProperties properties,
            OwnHosts hosts,
            String actuator) {
        HttpSecurity http = newSecurity(context);
        new GuardChain(authenticator, properties, hosts, actuator).configure(http);
        FilterChainProxy proxy = new FilterChainProxy(http.build());
        proxy.setFirewall(firewall());
        proxy.afterPropertiesSet();
        return proxy;
    }

    /** Names that clients choose are in paths of the API, such as a batch's: they may have these two, if they are encoded. */
    private static StrictHttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedPercent(true);
        firewall.getEncodedUrlBlocklist().removeAll(Set.of("%3b", "%3B"));
        firewall.getDecodedUrlBlocklist().removeAll(Set.of(";", "%3b", "%3B"));
        return firewall;
    }

    private static HttpSecurity newSecurity(ApplicationContext context) {
        ObjectPostProcessor<Object> nothing = new ObjectPostProcessor<>() {
            @Override
            public <O> O postProcess(O object) {
                return object;
            }
        };
        Map<Class<?>, Object> shared = new HashMap<>(Map.of(ApplicationContext.class, context));
        HttpSecurity http = new HttpSecurity(nothing, new AuthenticationManagerBuilder(nothing), shared);
        AuthenticationManager nobody = authentication -> {
            throw new ProviderNotFoundException("GuardedCaller finds out who calls");
        };
        return http.authenticationManager(nobody);
    }

    private void configure(HttpSecurity http) {
        http.headers(Customizer.withDefaults())
                .csrf(csrf -> csrf.csrfTokenRepository(new SessionToken())
                        .csrfTokenRequestHandler(new HeaderOnly())
                        .requireCsrfProtectionMatcher(
                                request -> OriginGate.isChange(request) && Credentials.isSession(request)))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .anonymous(Customizer.withDefaults())
                .exceptionHandling(refused -> refused.authenticationEntryPoint((request, response, failure) ->
                                Refusal.write(HttpError.CREDENTIALS_MISSING, request, response))
                        .accessDeniedHandler((request, response, failure) -> Refusal.write(
                                failure instanceof CsrfException
                                        ? HttpError.CSRF_TOKEN_MISSING
                                        : HttpError.SCOPE_MISSING,
                                request,
                                response)))
                .authorizeHttpRequests(requests -> requests.anyRequest().access(this::decide))
                .addFilterAfter(new OriginGate(properties.isOpen(), hosts, actuator), HeaderWriterFilter.class)
                .addFilterBefore(new GuardedCaller(authenticator, actuator), AnonymousAuthenticationFilter.class);
        if (!properties.allowedOrigins().isEmpty()) {
            http.cors(cors -> cors.configurationSource(origins()));
        }
    }

    /** Never from a parameter: to look for one would read a form, which may be a file, into memory. */
    private static final class HeaderOnly extends CsrfTokenRequestAttributeHandler {

        @Override
        public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
            return request.getHeader(token.getHeaderName());
        }
    }

    /** Which role an endpoint of the API needs, it says itself. */
    private AuthorizationDecision decide(
            Supplier<? extends @Nullable Authentication> caller, RequestAuthorizationContext context) {
        Area area = Area.of(context.getRequest().getServletPath(), actuator);
        Role role = area.role();
        return new AuthorizationDecision(!area.needsCaller() || isAllowed(caller.get(), role));
    }

    private static boolean isAllowed(@Nullable Authentication caller, @Nullable Role role) {
        return caller != null
                && caller.getPrincipal() instanceof dev.narwhal.access.Caller known
                && (role == null || known.has(role) || (role == Role.READ && known.has(Role.OPERATE)));
    }

    private UrlBasedCorsConfigurationSource origins() {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(hosts.origins());
        allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        allowed.setAllowedHeaders(List.of(
                "Authorization", "X-Api-Key", "Content-Type", "Idempotency-Key", "Last-Event-ID", "X-Request-ID"));
        allowed.setExposedHeaders(List.of("Location", "Retry-After", "WWW-Authenticate", "X-Request-ID"));
        allowed.setMaxAge(PREFLIGHT);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/api/**", allowed);
        return source;
    }
}
