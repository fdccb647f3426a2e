package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Checks that the header {@code Upload-Concat} of the largest final fits into the container's limits for heads. */
public final class HeadRoom {

    private static final String REQUEST = "server.max-http-request-header-size";
    private static final String ANSWER = "server.tomcat.max-http-response-header-size";
    private static final int ID = 32;
    private static final int LEAST_ELSE = 1 << 10;

    private HeadRoom() {}

    /**
     * Only what can never fit is refused: partials may be named by their paths, which are shorter than their URLs. Settings that
     * cannot be read are told elsewhere.
     *
     * @throws IllegalArgumentException with a sentence, when a head has no room for that many partials
     */
    public static void require(Environment environment) {
        Binder settings = Binder.get(environment);
        try {
            require(
                    settings.bindOrCreate("narwhal.upload", UploadProperties.class),
                    settings.bindOrCreate("narwhal.tus", TusProperties.class),
                    environment);
        } catch (BindException e) {
            // Whoever reads these settings says what is wrong with them.
        }
    }

    private static void require(UploadProperties uploads, TusProperties tus, Environment environment) {
        // A slash before the id, and a space after it.
        long needed = uploads.maxPartials() * (tus.path().length() + ID + 2L) + LEAST_ELSE;
        for (String limit : new String[] {REQUEST, ANSWER}) {
            String value = environment.getProperty(limit);
            if (value != null && DataSize.parse(value).toBytes() < needed) {
                throw new IllegalArgumentException("narwhal.upload.max-partials is " + uploads.maxPartials() + ", but "
                        + limit + " is " + value + ": the header Upload-Concat needs at least "
                        + Math.ceilDiv(needed, 1 << 10) + "KB, and more when URLs are long.");
            }
        }
    }
}
