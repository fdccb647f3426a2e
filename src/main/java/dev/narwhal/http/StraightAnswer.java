package dev.narwhal.http;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file over HTTP/1.1 without TLS: the kernel moves the bytes from the file to the socket. The container's stream
 * would copy each byte three times, 8 KiB at a time. The container keeps its account of the answer: it is shown as many
 * bytes as were sent.
 */
final class StraightAnswer {

    /** Below, the container's stream is as cheap. */
    private static final long LEAST = 64 << 10;

    private static final int STEP = 1 << 20;
    private static final int BUFFERED = 8 << 10;
    private static final String ATTRIBUTE = StraightAnswer.class.getName();

    /** Tomcat leaves the notes from 17 to 31 free. */
    private static final int NOTE = 18;

    private final Request request;
    private final Supplier<SocketWrapperBase<?>> connection;

    private StraightAnswer(Request request, Supplier<SocketWrapperBase<?>> connection) {
        this.request = request;
        this.connection = connection;
    }

    /** @param connection of the request that is being handled */
    static void prepare(Request request, Supplier<SocketWrapperBase<?>> connection) {
        request.setNote(NOTE, new StraightAnswer(request, connection));
    }

    /** Called when the head has been read. */
    static void attachTo(Request request) {
        if (request.getNote(NOTE) instanceof StraightAnswer answer && answer.connection.get() instanceof UploadSocket) {
            request.setAttribute(ATTRIBUTE, answer);
        }
    }

    /** Null for a request whose answer has to be written to the container's stream. */
    static @Nullable StraightAnswer of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof StraightAnswer answer ? answer : null;
    }

    /**
     * Begins the answer, and sends as many of its bytes as the kernel can.
     *
     * @param response with its headers, whose Content-Length is {@code count}
     * @return bytes sent; the container's stream has to send the others
     * @throws IOException from the content, or from the client's connection
     */
    long send(HttpServletResponse response, FileAnswer.Content content, long position, long count) throws IOException {
        // For the container the method is the one of the request line, whatever X-HTTP-Method-Override says.
        if (count < LEAST || !content.isFile() || "HEAD".equals(request.getMethod())) {
            return 0;
        }
        response.flushBuffer();
        // The container may have decided to compress it.
        if (request.getResponse().getContentLengthLong() != count) {
            return 0;
        }
        long sent = 0;
        while (sent < count) {
            int next = sendNow(content, position + sent, (int) Math.min(STEP, count - sent));
            sent += next == 0 ? sendBuffered(response, content, position + sent, count - sent) : next;
        }
        return sent;
    }

    private int sendNow(FileAnswer.Content content, long position, int count) throws IOException {
        UploadSocket socket = (UploadSocket) connection.get();
        int sent;
        try {
            sent = socket.sendNow(channel -> content.sendNow(position, count, channel));
        } catch (IOException unclear) {
            // Reading the file and writing to the connection tells which of the two has failed.
            return 0;
        }
        if (sent > 0) {
            Response answer = request.getResponse();
            socket.account(sent, answer::doWrite);
        }
        return sent;
    }

    /** Waits, if need be, until the client has read more. */
    private static long sendBuffered(HttpServletResponse response, FileAnswer.Content content, long position, long left)
            throws IOException {
        long count = Math.min(BUFFERED, left);
        content.transfer(position, count, response.getOutputStream());
        response.flushBuffer();
        return count;
    }
}
