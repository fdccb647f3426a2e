package dev.narwhal.access.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fetches the issuer's keys. The issuer's metadata name their URL, unless a setting does. Each request has time-outs. */
final class KeySource {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 5_000;
    private static final int MOST_BYTES = 1 << 20;
    private static final String METADATA = "/.well-known/openid-configuration";
    private static final String OAUTH_METADATA = "/.well-known/oauth-authorization-server";

    private final DefaultResourceRetriever http = new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);
    private final @Nullable URI issuer;
    private volatile @Nullable URI keys;

    KeySource(JwtProperties properties) {
        this.issuer = properties.issuerUri();
        this.keys = properties.jwksUri();
    }

    /** @throws IOException when the issuer does not answer, or not with keys */
    JWKSet fetch() throws IOException {
        try {
            URI url = keys;
            if (url == null) {
                url = discover();
                keys = url;
            }
            return JWKSet.parse(get(url));
        } catch (ParseException | URISyntaxException | IllegalArgumentException e) {
            throw new IOException("The issuer's answer is not what it should be: " + e.getMessage(), e);
        }
    }

    private URI discover() throws IOException, ParseException, URISyntaxException {
        if (issuer == null) {
            throw new IllegalStateException("Neither the issuer nor its keys are named");
        }
        Map<String, Object> metadata = JSONObjectUtils.parse(metadata(issuer));
        if (!issuer.toString().equals(metadata.get("issuer"))) {
            throw new IOException("The metadata of " + issuer + " are those of " + metadata.get("issuer")
                    + "; narwhal.access.jwt.issuer-uri must be exactly what stands there");
        }
        return JSONObjectUtils.getURI(metadata, "jwks_uri");
    }

    private String metadata(URI from) throws IOException {
        String base = from.toString().replaceFirst("/$", "");
        try {
            return get(URI.create(base + METADATA));
        } catch (IOException e) {
            try {
                String path = from.getRawPath() == null ? "" : from.getRawPath().replaceFirst("/$", "");
                return get(from.resolve(OAUTH_METADATA + path));
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private String get(URI url) throws IOException {
        try {
            return http.retrieveResource(url.toURL()).getContent();
        } catch (MalformedURLException e) {
            throw new IOException("The issuer names the URL '" + url + "'", e);
        }
    }
}
