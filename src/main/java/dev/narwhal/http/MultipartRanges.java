package dev.narwhal.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Several ranges in one answer: {@code multipart/byteranges} (RFC 9110, section 14.6). */
final class MultipartRanges {

    private final String contentType;
    private final List<ByteRange> ranges;
    private final long total;
    private final String boundary = UUID.randomUUID().toString();

    MultipartRanges(String contentType, List<ByteRange> ranges, long total) {
        this.contentType = contentType;
        this.ranges = ranges;
        this.total = total;
    }

    void send(HttpServletResponse response, FileAnswer.Content content) throws IOException {
        response.setContentType("multipart/byteranges; boundary=" + boundary);
        response.setContentLengthLong(ranges.stream()
                        .mapToLong(range -> head(range).length + range.length())
                        .sum()
                + tail().length);
        ServletOutputStream out = response.getOutputStream();
        for (ByteRange range : ranges) {
            out.write(head(range));
            content.transfer(range.first(), range.length(), out);
        }
        out.write(tail());
    }

    private byte[] head(ByteRange range) {
        return ascii("\r\n--" + boundary + "\r\nContent-Type: " + contentType + "\r\nContent-Range: "
                + range.contentRange(total) + "\r\n\r\n");
    }

    private byte[] tail() {
        return ascii("\r\n--" + boundary + "--\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
