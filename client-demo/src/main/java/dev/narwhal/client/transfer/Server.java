package dev.narwhal.client.transfer;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where uploads are created, and how to talk to it.
 *
 * @param endpoint an http or https URL
 * @param headers sent with every request; none that the protocol or the connection needs for itself
 * @param silence after which a connection is taken for dead
 */
public record Server(URI endpoint, Map<String, String> headers, Duration silence) {

    /** Java's HTTP connection drops these without a word, or they are the protocol's own. */
    private static final Set<String> NOT_FOR_CALLERS = Set.of(
            "access-control-request-headers",
            "access-control-request-method",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "origin",
            "te",
            "trailer",
            "transfer-encoding",
            "tus-resumable",
            "upgrade",
            "upload-length",
            "upload-metadata",
            "upload-offset",
            "via",
            "x-http-method-override");

    public Server {
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "The URL of the server looks like http://host:port/files, not '" + endpoint + "'");
        }
        if (silence.compareTo(Duration.ofSeconds(1)) < 0 || silence.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("The timeout is between 1 s and 1 d, not " + silence);
        }
        headers.keySet().forEach(Server::requireAllowed);
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        headers = copy;
    }

    static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException | IllegalArgumentException notAUrl) {
            throw new IllegalArgumentException("Not a URL: '" + uri + "'", notAUrl);
        }
    }

    private static void requireAllowed(String name) {
        if (NOT_FOR_CALLERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("The header '" + name + "' is set by the client itself");
        }
    }
}
