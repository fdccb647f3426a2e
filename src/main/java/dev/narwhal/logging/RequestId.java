package dev.narwhal.logging;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of one request, in its answer and in the lines that are logged for it. No secret, and no proof of anything. */
final class RequestId {

    static final String HEADER = "X-Request-ID";

    /** By the Elastic Common Schema; also the key for a pattern of the text log. */
    static final String LOG_KEY = "http.request.id";

    /** What ends no line and opens no quote, wherever it is written. */
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@~-]{1,128}");

    private RequestId() {}

    /** The client's, or the proxy's, when it is sane; else a new one. */
    static String of(@Nullable String sent) {
        return sent != null && SANE.matcher(sent).matches()
                ? sent
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
