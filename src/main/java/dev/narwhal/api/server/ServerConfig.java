package dev.narwhal.api.server;

import dev.narwhal.http.ProtocolOffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client has to know of this server.
 *
 * @param version of the server
 * @param protocols how uploads come in
 * @param limits of each upload
 * @param downloads whether GET of an upload's URL returns the file
 * @param endpoints where the rest is
 */
public record ServerConfig(
        String version, List<ProtocolOffer> protocols, Limits limits, boolean downloads, Endpoints endpoints) {

    /**
     * Limits of each upload.
     *
     * @param maxSize in bytes; null without a limit
     * @param maxPartials partial uploads that a final may have
     * @param expireAfterSeconds an unfinished upload is kept for so long after its last byte; null for ever
     * @param bodyTimeoutSeconds a request whose body is silent for so long is cut off
     * @param minimumBytesPerSecond a slower body is cut off, too; 0 for any speed
     */
    public record Limits(
            @Nullable Long maxSize,
            int maxPartials,
            @Nullable Long expireAfterSeconds,
            double bodyTimeoutSeconds,
            long minimumBytesPerSecond) {}

    /** Paths of this server. */
    public record Endpoints(String api, String events, String openapi, String docs) {

        static final Endpoints OURS =
                new Endpoints("/api/v1", "/api/v1/events", "/api/docs/openapi.json", "/api/docs/");
    }
}
