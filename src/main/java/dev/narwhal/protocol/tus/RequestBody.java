package dev.narwhal.protocol.tus;

import dev.narwhal.http.BodyPresence;
import dev.narwhal.ingest.BodyInterruptedException;
import dev.narwhal.ingest.BodyInterruptedException.Reason;
import dev.narwhal.ingest.ChunkSource;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.apache.coyote.CloseNowException;
import org.jspecify.annotations.Nullable;

/** The container's body stream, read straight into the staging's buffer. */
final class RequestBody implements ChunkSource {

    private final HttpServletRequest request;
    private final ServletInputStream in;
    private final long announced;
    private long delivered;
    private @Nullable BodyInterruptedException cut;

    RequestBody(HttpServletRequest request) throws IOException {
        this.request = request;
        this.in = request.getInputStream();
        // A stream of HTTP/2 that has ended with its headers has no body, and says so by nothing else.
        this.announced = BodyPresence.isHttp2(request) && in.isFinished() ? 0 : announced(request);
    }

    /** Bytes announced by Content-Length; -1 for a body without one; 0 when there is none. */
    static long announced(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length >= 0) {
            return length;
        }
        return mayHaveBody(request) ? -1 : 0;
    }

    /** HTTP/1.1 says by Transfer-Encoding that a body comes; HTTP/2 only ends the stream. */
    private static boolean mayHaveBody(HttpServletRequest request) {
        return request.getHeader("Transfer-Encoding") != null || BodyPresence.isHttp2(request);
    }

    @Override
    public int read(ByteBuffer target) throws BodyInterruptedException {
        int read = cut == null ? readOn(target) : readRest(target, cut);
        if (read > 0) {
            delivered += read;
        } else if (read < 0 && isCut()) {
            throw new BodyInterruptedException(Reason.CUT, new EOFException("The stream was reset"));
        }
        return read;
    }

    /**
     * Tomcat tells a reader of HTTP/2 that the body ended when its stream was reset, or its connection lost, while nobody
     * was waiting for the next byte. Then less came than was announced, or the request carries Tomcat's note of the reset.
     */
    private boolean isCut() {
        return delivered < announced
                || BodyPresence.isHttp2(request)
                        && request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof IOException;
    }

    private int readOn(ByteBuffer target) throws BodyInterruptedException {
        try {
            return in.read(target);
        } catch (SocketTimeoutException e) {
            throw new BodyInterruptedException(Reason.SILENT, e);
        } catch (ClientAbortException e) {
            BodyInterruptedException interrupted = new BodyInterruptedException(reasonOf(e), e);
            if (BodyPresence.isHttp2(request) && interrupted.reason() == Reason.CUT) {
                return readRest(target, interrupted);
            }
            throw interrupted;
        } catch (IOException e) {
            throw new BodyInterruptedException(isMalformed(e) ? Reason.MALFORMED : Reason.CUT, e);
        }
    }

    /** Tomcat tells of a reset before it hands out what came before it: up to a window of bytes that need not be sent again. */
    private int readRest(ByteBuffer target, BodyInterruptedException interrupted) throws BodyInterruptedException {
        cut = interrupted;
        try {
            int read = in.read(target);
            if (read > 0) {
                return read;
            }
        } catch (IOException e) {
            interrupted.addSuppressed(e);
        }
        throw interrupted;
    }

    /** Tomcat wraps what it met in the connection; a time-out is not a cut. That of HTTP/2 is one that closes the stream. */
    private static Reason reasonOf(IOException e) {
        if (e.getCause() instanceof SocketTimeoutException || e.getCause() instanceof CloseNowException) {
            return Reason.SILENT;
        }
        return e.getCause() instanceof IOException cause && isMalformed(cause) ? Reason.MALFORMED : Reason.CUT;
    }

    private static boolean isMalformed(IOException e) {
        return e instanceof BadRequestException && !(e.getCause() instanceof EOFException);
    }

    @Override
    public long announcedBytes() {
        return announced;
    }
}
