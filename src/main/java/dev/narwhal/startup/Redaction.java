package dev.narwhal.startup;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/** Removes secrets from values before the server prints them on a console that others may read. */
final class Redaction {

    private static final Pattern SECRET =
            Pattern.compile("secret|password|passwd|token|credential|key(?!-?_?template)", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 100;

    private Redaction() {}

    /**
     * The value in quotes, on one line, at most 100 characters of it; without the value if the name is that of a
     * secret.
     */
    static String value(String name, @Nullable Object value) {
        if (SECRET.matcher(name).find()) {
            return "'***'";
        }
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", " ");
        return "'" + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...") + "'";
    }

    /** An unexpected failure in one line: its class and its message. */
    static String failure(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return (cause.getClass().getSimpleName() + message)
                .replaceAll("\\s*\\R\\s*", " ")
                .strip();
    }

    /** A JDBC URL without its parameters, which may contain a password. */
    static String url(String url) {
        return url.replaceFirst("[?;].*$", "").replaceFirst("//[^/@]*@", "//");
    }
}
