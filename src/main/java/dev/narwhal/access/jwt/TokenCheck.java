package dev.narwhal.access.jwt;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import dev.narwhal.access.AccessRefusedException;
import dev.narwhal.http.HttpError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Checks one token: its signature by a key of the issuer, and whether the token is meant for this server. */
final class TokenCheck {

    private static final Logger log = LoggerFactory.getLogger(TokenCheck.class);

    /** By public keys only. HMAC is not among them: whoever knows the public key could sign with it. */
    private static final Set<SignatureAlgorithm> ALGORITHMS = Set.of(SignatureAlgorithm.values());

    /** RFC 7519 and RFC 9068; a token without a type is as good. An identity token has the former, too. */
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES =
            new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null);

    private final JwtProperties properties;
    private final ClaimedCaller claimed;
    private final NimbusJwtDecoder decoder;
    private final Clock clock;

    private TokenCheck(JwtProperties properties, NimbusJwtDecoder decoder, Clock clock) {
        this.properties = properties;
        this.claimed = new ClaimedCaller(properties);
        this.decoder = decoder;
        this.clock = clock;
    }

    static TokenCheck of(JwtProperties properties, Clock clock) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(IssuerKeys.of(properties))
                .jwsAlgorithms(allowed -> {
                    allowed.clear();
                    allowed.addAll(ALGORITHMS);
                })
                .jwtProcessorCustomizer(TokenCheck::acceptTypes)
                .build();
        // Times are compared with the server's clock below, and the answer tells an expired token from a false one.
        decoder.setJwtValidator(token -> OAuth2TokenValidatorResult.success());
        return new TokenCheck(properties, decoder, clock);
    }

    private static void acceptTypes(ConfigurableJWTProcessor<SecurityContext> processor) {
        processor.setJWSTypeVerifier(TYPES);
    }

    /** @throws AccessRefusedException with CREDENTIALS_INVALID or ACCESS_UNAVAILABLE */
    Token validate(String text) throws AccessRefusedException {
        Jwt token = decode(text);
        Duration skew = properties.clockSkew();
        Instant expiresAt = token.getExpiresAt();
        Instant notBefore = token.getNotBefore();
        boolean isOurs = isIssuedBy(token) && isFor(token.getAudience());
        boolean isEarly = notBefore != null && clock.instant().plus(skew).isBefore(notBefore);
        if (!isOurs || isEarly || expiresAt == null) {
            log.debug(
                    "access.token-refused issuer={} audience={}",
                    token.getClaims().get("iss"),
                    token.getAudience());
            throw new AccessRefusedException(HttpError.CREDENTIALS_INVALID);
        }
        return claimed.of(token.getClaims())
                .map(caller -> new Token(caller, expiresAt.plus(skew)))
                .orElseThrow(() -> new AccessRefusedException(HttpError.CREDENTIALS_INVALID));
    }

    private Jwt decode(String text) throws AccessRefusedException {
        try {
            return decoder.decode(text);
        } catch (JwtException e) {
            log.debug("access.token-refused {}", e.getMessage());
            boolean isUnchecked = NestedExceptionUtils.getMostSpecificCause(e) instanceof KeySourceException;
            throw new AccessRefusedException(
                    isUnchecked ? HttpError.ACCESS_UNAVAILABLE : HttpError.CREDENTIALS_INVALID);
        }
    }

    private boolean isIssuedBy(Jwt token) {
        return properties.issuerUri() == null
                || properties.issuerUri().toString().equals(token.getClaims().get("iss"));
    }

    private boolean isFor(@Nullable List<String> audience) {
        return audience != null && audience.stream().anyMatch(properties.audience()::contains);
    }
}
