package dev.narwhal.logging;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of one request, in its answer and in its log lines. It is not secret and proves nothing. */
final class RequestId {

    static final String HEADER = "X-Request-ID";

    /** A field of the Elastic Common Schema; also the key in the pattern of the text log. */
    static final String LOG_KEY = "http.request.id";

    /** Characters that neither end a line nor open a quotation in any output. */
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@~-]{1,128}");

    private RequestId() {}

    /** The id that the client or proxy sent, if it is valid; else a new one. */
    static String of(@Nullable String sent) {
        return sent != null && SANE.matcher(sent).matches()
                ? sent
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
