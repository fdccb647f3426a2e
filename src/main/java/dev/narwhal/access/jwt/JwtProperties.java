package dev.narwhal.access.jwt;

import dev.narwhal.access.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of JSON Web Tokens. Without the first three the server accepts none.
 *
 * @param issuerUri the issuer, as the claim {@code iss} names it; its metadata name its keys, unless one of the next two is set
 * @param jwksUri where the issuer's keys are
 * @param publicKey PEM file of the issuer's only key: a public key or a certificate, RSA or EC
 * @param audience names of this server, one of which the claim {@code aud} must have
 * @param ownerClaim claim that names the owner of the caller's uploads
 * @param rolesClaim claim with the caller's roles: words of a text, or a list of texts
 * @param rolesPrefix what stands in front of a role's name in that claim
 * @param roles what a value of that claim allows, in addition to those that are the prefix and a role's name
 * @param limitsClaim claim with limits of the caller, an object as a key's limits are; empty for none
 * @param clockSkew how far the issuer's clock and this one may differ: 0 s to 10 m
 */
@ConfigurationProperties("narwhal.access.jwt")
public record JwtProperties(
        @Nullable URI issuerUri,
        @Nullable URI jwksUri,
        @Nullable Path publicKey,
        @DefaultValue List<String> audience,
        @DefaultValue("sub") String ownerClaim,
        @DefaultValue("scope") String rolesClaim,
        @DefaultValue("") String rolesPrefix,
        @DefaultValue Map<String, List<Role>> roles,
        @DefaultValue("") String limitsClaim,
        @DefaultValue("60s") Duration clockSkew) {

    static final String PREFIX = "narwhal.access.jwt";

    private static final Duration LARGEST_SKEW = Duration.ofMinutes(10);

    public JwtProperties {
        audience = List.copyOf(audience);
        roles = Map.copyOf(roles);
        requireUrl("issuer-uri", issuerUri);
        requireUrl("jwks-uri", jwksUri);
        boolean isSet = issuerUri != null || jwksUri != null || publicKey != null;
        require(jwksUri == null || publicKey == null, "jwks-uri and " + PREFIX + ".public-key are both set: name one");
        require(
                !isSet || !audience.isEmpty(),
                "audience is not set: name what the issuer writes into the claim aud of tokens for this server; else a"
                        + " token for any other service would open this one");
        require(
                isSet || (audience.isEmpty() && roles.isEmpty()),
                "audience or " + PREFIX + ".roles is set, but none of issuer-uri, jwks-uri and public-key");
        require(
                !clockSkew.isNegative() && clockSkew.compareTo(LARGEST_SKEW) <= 0,
                "clock-skew is " + clockSkew + ", but must be within 0s and 10m");
        require(!ownerClaim.isBlank() && !rolesClaim.isBlank(), "owner-claim and roles-claim must not be empty");
        if (publicKey != null) {
            var unused = PublicKeyFile.read(publicKey);
        }
    }

    private static void requireUrl(String name, @Nullable URI uri) {
        boolean isUrl = uri == null
                || (uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())));
        require(isUrl, name + " is '" + uri + "', but must be an https or http URL");
    }

    private static void require(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new IllegalArgumentException(PREFIX + "." + otherwise);
        }
    }
}
