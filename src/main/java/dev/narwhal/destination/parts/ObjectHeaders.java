package dev.narwhal.destination.parts;

import dev.narwhal.naming.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts values from clients to values for an object's headers: ASCII, bounded, and without line breaks. */
public final class ObjectHeaders {

    public static final String DEFAULT_CONTENT_TYPE = "application/octet-stream";

    private static final int MAX_CONTENT_TYPE = 255;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern CONTENT_TYPE = Pattern.compile(
            TOKEN + "/" + TOKEN + "( *; *" + TOKEN + "=(" + TOKEN + "|\"[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]*\"))*");

    private ObjectHeaders() {}

    /** The declared type if it is valid, else {@link #DEFAULT_CONTENT_TYPE}. RFC 9110, section 8.3.1. */
    public static String contentType(@Nullable String declared) {
        return declared != null
                        && declared.length() <= MAX_CONTENT_TYPE
                        && CONTENT_TYPE.matcher(declared).matches()
                ? declared
                : DEFAULT_CONTENT_TYPE;
    }

    /**
     * {@code attachment} with the client's cleaned file name, at most 1,100 bytes; null when there is no name. RFC 6266, with
     * the encoding of RFC 8187.
     */
    public static @Nullable String contentDisposition(@Nullable String filename) {
        String name = filename == null ? "" : FileNames.clean(filename);
        if (name.isEmpty()) {
            return null;
        }
        String plain = name.replaceAll("[^\\x20-\\x7E]|[\"%]", "_");
        String disposition = "attachment; filename=\"" + plain + "\"";
        return plain.equals(name) ? disposition : disposition + "; filename*=UTF-8''" + percentEncode(name);
    }

    /**
     * A value of user metadata. A value that is not plain ASCII becomes {@code UTF-8''} and percent-encoded bytes, as in RFC
     * 8187, because stores sign and return only ASCII.
     */
    public static String metadataValue(String value) {
        // HTTP libraries and proxies trim and fold spaces. The store would then compute another signature.
        boolean plain = value.matches("[\\x21-\\x7E]+( [\\x21-\\x7E]+)*") && !value.startsWith("UTF-8''");
        return plain || value.isEmpty() ? value : "UTF-8''" + percentEncode(value);
    }

    private static String percentEncode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isAttributeChar((char) (b & 0xFF))) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", b));
            }
        }
        return encoded.toString();
    }

    private static boolean isAttributeChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$&+-.^_`|~".indexOf(c) >= 0;
    }
}
