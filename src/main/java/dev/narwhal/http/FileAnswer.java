package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/** Answers a GET with a file: whole, in ranges, or without content (RFC 9110, sections 13 and 14). */
public final class FileAnswer {

    /** Opens a file only when the answer has content: not for a 304 or a 412. */
    public interface Source {

        /** @throws IOException when the file cannot be opened */
        Content open() throws IOException;
    }

    /** The bytes of an open file. */
    public interface Content extends AutoCloseable {

        /** The file's length in bytes. */
        long length();

        /**
         * Writes {@code count} bytes from {@code position} on to {@code target}.
         *
         * @throws IOException when reading or writing fails; part of the bytes may have been written
         */
        void transfer(long position, long count, OutputStream target) throws IOException;

        /** True when {@link #sendNow} can send these bytes. */
        default boolean isFile() {
            return false;
        }

        /**
         * Sends bytes from {@code position} on, as many as the client's connection takes now, and at most {@code count}.
         *
         * @param connection does not block
         * @return bytes sent; 0 when the connection takes none now, or the content ends at {@code position}
         * @throws IOException when reading or writing fails
         */
        default long sendNow(long position, long count, WritableByteChannel connection) throws IOException {
            throw new UnsupportedOperationException("No file");
        }

        @Override
        void close() throws IOException;
    }

    private final FileHeaders headers;
    private final Source source;

    public FileAnswer(FileHeaders headers, Source source) {
        this.headers = headers;
        this.source = source;
    }

    /**
     * Sends the answer. After a failure, an uncommitted answer has none of the file's headers.
     * @throws HttpProblem 412 when a precondition fails, 416 when no range is satisfiable
     * @throws IOException from the content, or from the client's connection
     */
    public void send(HttpServletRequest request, HttpServletResponse response) throws IOException, HttpProblem {
        headers.apply(response);
        boolean sent = false;
        try {
            switch (Precondition.of(request, headers.etag(), headers.modified())) {
                case NOT_MODIFIED -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                case FAILED -> throw new HttpProblem(Problem.of(HttpError.PRECONDITION_FAILED));
                case HOLDS -> {
                    try (Content content = source.open()) {
                        sendContent(request, response, content);
                    }
                }
            }
            sent = true;
        } finally {
            if (!sent) {
                FileHeaders.withdraw(response);
            }
        }
    }

    private void sendContent(HttpServletRequest request, HttpServletResponse response, Content content)
            throws IOException, HttpProblem {
        long length = content.length();
        List<ByteRange> ranges = ByteRange.requested(request, headers.etag(), headers.modified(), length);
        if (ranges.isEmpty()) {
            send(request, response, content, new ByteRange(0, length - 1));
            return;
        }
        response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        if (ranges.size() == 1) {
            ByteRange range = ranges.getFirst();
            response.setHeader("Content-Range", range.contentRange(length));
            send(request, response, content, range);
        } else {
            new MultipartRanges(headers.contentType(), ranges, length).send(response, content);
        }
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, Content content, ByteRange range)
            throws IOException {
        long count = range.length();
        response.setContentLengthLong(count);
        StraightAnswer straight = StraightAnswer.of(request);
        long sent = straight == null ? 0 : straight.send(response, content, range.first(), count);
        if (sent < count) {
            content.transfer(range.first() + sent, count - sent, response.getOutputStream());
        }
    }
}
