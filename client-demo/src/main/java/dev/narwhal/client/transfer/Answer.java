package dev.narwhal.client.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's answer to a request that failed.
 *
 * @param detail the sentence of a problem body (RFC 9457), if there is one
 * @param retryAfter zero when the server does not say
 */
record Answer(int status, Optional<String> detail, Duration retryAfter, Optional<String> location) {

    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);
    private static final int LONGEST_BODY = 8 * 1024;
    private static final int LONGEST_DETAIL = 300;

    /** Two members of a JSON object do not need a JSON library in the jar. */
    private static final Pattern DETAIL = Pattern.compile("\"detail\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))");

    /** Empty when there is no answer to read: the connection broke before. */
    static Optional<Answer> of(@Nullable HttpURLConnection connection) {
        if (connection == null) {
            return Optional.empty();
        }
        try {
            int status = connection.getResponseCode();
            return status < 0
                    ? Optional.empty()
                    : Optional.of(new Answer(
                            status,
                            detailOf(connection),
                            retryAfter(connection),
                            Optional.ofNullable(connection.getHeaderField("Location"))));
        } catch (IOException broken) {
            return Optional.empty();
        }
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    private static Optional<String> detailOf(HttpURLConnection connection) {
        try (InputStream body = connection.getErrorStream()) {
            return body == null
                    ? Optional.empty()
                    : detailIn(new String(body.readNBytes(LONGEST_BODY), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            // The status says enough.
            return Optional.empty();
        }
    }

    static Optional<String> detailIn(String body) {
        Matcher matcher = DETAIL.matcher(body);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String text =
                ESCAPE.matcher(matcher.group(1)).replaceAll(Answer::unescaped).strip();
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(text.substring(0, Math.min(LONGEST_DETAIL, text.length())));
    }

    private static String unescaped(MatchResult escape) {
        String hex = escape.group(1);
        String character = hex == null ? escape.group(2) : Character.toString((char) Integer.parseInt(hex, 16));
        // A line break inside a sentence, in either spelling, is a space.
        return Matcher.quoteReplacement(hex == null && "nrtbf".contains(character) ? " " : character);
    }

    private static Duration retryAfter(HttpURLConnection connection) {
        long seconds = connection.getHeaderFieldLong("Retry-After", 0);
        return Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_RETRY_AFTER.toSeconds()));
    }
}
