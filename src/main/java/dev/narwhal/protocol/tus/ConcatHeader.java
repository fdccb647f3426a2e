package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadKind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import me.desair.tus.server.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The Upload-Concat header of a creation (tus 1.0.0, "Concatenation"; T143, T146, T150).
 *
 * @param value as the client sent it; null without the header
 * @param urls of a final's partials, in order; empty for the other kinds
 */
record ConcatHeader(UploadKind kind, @Nullable String value, List<String> urls) {

    private static final String PARTIAL = "partial";
    private static final String FINAL = "final";
    private static final String URLS_FOLLOW = FINAL + ";";

    static ConcatHeader of(HttpServletRequest request) throws TusProblem {
        return parse(TusHeaders.single(request, HttpHeader.UPLOAD_CONCAT));
    }

    /** @throws TusProblem with a sentence that says what is wrong */
    static ConcatHeader parse(@Nullable String value) throws TusProblem {
        if (value == null) {
            return new ConcatHeader(UploadKind.WHOLE, null, List.of());
        }
        if (value.equals(PARTIAL)) {
            return new ConcatHeader(UploadKind.PARTIAL, value, List.of());
        }
        if (value.equals(FINAL)) {
            throw invalid("Upload-Concat: final needs a semicolon, and the URLs of its partials after it.");
        }
        if (!value.startsWith(URLS_FOLLOW)) {
            throw new TusProblem(TusError.INVALID_CONCAT);
        }
        return new ConcatHeader(
                UploadKind.FINAL,
                value,
                urls(value.substring(URLS_FOLLOW.length()).strip()));
    }

    private static List<String> urls(String list) throws TusProblem {
        if (list.isEmpty()) {
            throw invalid("Upload-Concat: final; names no partial upload.");
        }
        if (!list.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw invalid("Upload-Concat has a character that no URL has.");
        }
        return Arrays.stream(list.split(" +")).toList();
    }

    private static TusProblem invalid(String sentence) {
        return new TusProblem(TusError.INVALID_CONCAT, sentence);
    }

    boolean isFinal() {
        return kind == UploadKind.FINAL;
    }
}
