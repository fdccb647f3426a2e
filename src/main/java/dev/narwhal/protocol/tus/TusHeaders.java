package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import me.desair.tus.server.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Reads tus headers strictly: one value, decimal digits only, no overflow (T18, T19, T64, T65). */
final class TusHeaders {

    static final String OFFSET_CONTENT_TYPE = "application/offset+octet-stream";
    static final String VERSION = "1.0.0";

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");

    private TusHeaders() {}

    /**
     * The header's only value, without surrounding spaces; null when the header is absent, empty when its value is.
     *
     * @throws TusProblem when the client sent the header more than once
     */
    static @Nullable String single(HttpServletRequest request, String name) throws TusProblem {
        List<String> values = Collections.list(request.getHeaders(name));
        requireAtMostOne(name, values);
        return values.isEmpty() ? null : values.getFirst().strip();
    }

    static void requireAtMostOne(String name, List<String> values) throws TusProblem {
        if (values.size() > 1) {
            throw new TusProblem(TusError.DUPLICATE_HEADER, name + " was sent " + values.size() + " times.");
        }
    }

    static boolean has(HttpServletRequest request, String name) {
        return request.getHeader(name) != null;
    }

    static @Nullable Long offset(HttpServletRequest request) throws TusProblem {
        return number(request, HttpHeader.UPLOAD_OFFSET, TusError.INVALID_OFFSET);
    }

    static @Nullable Long length(HttpServletRequest request) throws TusProblem {
        return number(request, HttpHeader.UPLOAD_LENGTH, TusError.INVALID_LENGTH);
    }

    /** True when the client defers the length (T85, T86). */
    static boolean defersLength(HttpServletRequest request) throws TusProblem {
        String value = single(request, HttpHeader.UPLOAD_DEFER_LENGTH);
        if (value != null && !value.equals("1")) {
            throw new TusProblem(TusError.INVALID_DEFER_LENGTH);
        }
        return value != null;
    }

    /** Media types are case-insensitive and may carry parameters (T34). */
    static boolean hasOffsetContentType(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(OFFSET_CONTENT_TYPE);
    }

    private static @Nullable Long number(HttpServletRequest request, String name, TusError error) throws TusProblem {
        String value = single(request, name);
        if (value == null) {
            return null;
        }
        if (!DIGITS.matcher(value).matches()) {
            throw new TusProblem(error);
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new TusProblem(error);
        }
    }
}
