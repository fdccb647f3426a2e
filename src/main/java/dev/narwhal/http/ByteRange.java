package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;

/** Bytes {@code first} to {@code last}, both included. */
record ByteRange(long first, long last) {

    private static final int MOST = 64;

    /**
     * The satisfiable ranges of a request. None when the answer is the whole file: when the request has no valid Range
     * header (RFC 9110, section 14.2), when its ranges have more bytes than the file, or when If-Range does not match.
     * @throws HttpProblem 416 when no range is satisfiable
     */
    static List<ByteRange> requested(HttpServletRequest request, String etag, Instant modified, long length)
            throws HttpProblem {
        String header = request.getHeader(HttpHeaders.RANGE);
        if (header == null || !isFresh(request.getHeader(HttpHeaders.IF_RANGE), etag, modified)) {
            return List.of();
        }
        List<HttpRange> ranges;
        try {
            ranges = HttpRange.parseRanges(header);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
        if (ranges.size() > MOST) {
            return List.of();
        }
        List<ByteRange> satisfiable = ranges.stream()
                .filter(range -> length > 0 && range.getRangeStart(length) < length)
                .map(range -> new ByteRange(range.getRangeStart(length), range.getRangeEnd(length)))
                .toList();
        if (satisfiable.isEmpty() && !ranges.isEmpty()) {
            throw new HttpProblem(
                    Problem.of(HttpError.RANGE_NOT_SATISFIABLE).with(HttpHeaders.CONTENT_RANGE, "bytes */" + length));
        }
        return isNoLongerThan(satisfiable, length) ? satisfiable : List.of();
    }

    /** Overlapping ranges with more bytes than the file would amplify the answer: the file is sent once instead. */
    private static boolean isNoLongerThan(List<ByteRange> ranges, long length) {
        long left = length;
        for (ByteRange range : ranges) {
            // Subtracts, because a sum could overflow.
            left -= range.length();
            if (left < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFresh(@Nullable String ifRange, String etag, Instant modified) {
        return ifRange == null || ifRange.strip().equals(etag) || isDate(ifRange.strip(), modified);
    }

    private static boolean isDate(String ifRange, Instant modified) {
        HttpHeaders headers = new HttpHeaders();
        headers.setLastModified(modified);
        return ifRange.equals(headers.getFirst(HttpHeaders.LAST_MODIFIED));
    }

    long length() {
        return last - first + 1;
    }

    String contentRange(long total) {
        return "bytes " + first + "-" + last + "/" + total;
    }
}
