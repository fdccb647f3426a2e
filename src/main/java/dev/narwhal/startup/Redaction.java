package dev.narwhal.startup;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/** Values as an operator may see them on a console that others read, too. */
final class Redaction {

    private static final Pattern SECRET =
            Pattern.compile("secret|password|passwd|token|credential|key(?!-?_?template)", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 100;

    private Redaction() {}

    /** In quotes, on one line, at most 100 characters of it; not at all when the name is that of a secret. */
    static String value(String name, @Nullable Object value) {
        if (SECRET.matcher(name).find()) {
            return "'***'";
        }
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", " ");
        return "'" + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...") + "'";
    }

    /** A failure that nobody foresaw, in one line: what it is, and what it says. */
    static String failure(Throwable failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return (cause.getClass().getSimpleName() + message)
                .replaceAll("\\s*\\R\\s*", " ")
                .strip();
    }

    /** A JDBC URL without its parameters, which may hold a password. */
    static String url(String url) {
        return url.replaceFirst("[?;].*$", "").replaceFirst("//[^/@]*@", "//");
    }
}
