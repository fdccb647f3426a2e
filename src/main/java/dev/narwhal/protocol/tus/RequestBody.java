package dev.narwhal.protocol.tus;

import dev.narwhal.access.limits.Pace;
import dev.narwhal.http.BodyPresence;
import dev.narwhal.http.StraightBody;
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

/** A request's body, read from the socket where that is possible, or from the container's stream. */
final class RequestBody implements ChunkSource {

    private final HttpServletRequest request;
    private final Pace pace;
    private final ServletInputStream in;
    private final long announced;
    private final @Nullable StraightBody straight;
    private long delivered;
    private @Nullable BodyInterruptedException cut;

    RequestBody(HttpServletRequest request) throws IOException {
        this(request, Pace.FREE);
    }

    /** @param pace how fast it may be read */
    RequestBody(HttpServletRequest request, Pace pace) throws IOException {
        this.request = request;
        this.pace = pace;
        this.in = request.getInputStream();
        this.straight = StraightBody.of(request);
        // An HTTP/2 stream that ended with its headers has no body, and only the finished stream shows that.
        this.announced = BodyPresence.isHttp2(request) && in.isFinished() ? 0 : announced(request);
    }

    /** Bytes announced by Content-Length; -1 for a body of unknown length; 0 without a body. */
    static long announced(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length >= 0) {
            return length;
        }
        return mayHaveBody(request) ? -1 : 0;
    }

    /** HTTP/1.1 announces such a body by Transfer-Encoding; in HTTP/2 only the end of the stream shows it. */
    private static boolean mayHaveBody(HttpServletRequest request) {
        return request.getHeader("Transfer-Encoding") != null || BodyPresence.isHttp2(request);
    }

    @Override
    public int read(ByteBuffer target) throws BodyInterruptedException {
        int read = cut == null ? readNext(target) : readRest(target, cut);
        if (read > 0) {
            delivered += read;
        } else if (read < 0 && isCut()) {
            throw new BodyInterruptedException(Reason.CUT, new EOFException("The stream was reset"));
        }
        return read;
    }

    /**
     * Tomcat reports a normal end of an HTTP/2 body if the stream was reset, or the connection lost, while no thread
     * waited for bytes. Such a body has fewer bytes than announced, or Tomcat has set the reset as an attribute of
     * the request.
     */
    private boolean isCut() {
        return delivered < announced
                || BodyPresence.isHttp2(request)
                        && request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof IOException;
    }

    private int readNext(ByteBuffer target) throws BodyInterruptedException {
        try {
            return readAvailable(target);
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

    private int readAvailable(ByteBuffer target) throws IOException {
        return straight != null && straight.isNext(in.available()) ? straight.read(target) : in.read(target);
    }

    /**
     * Tomcat reports a reset before it returns the bytes that came before the reset: up to one window, which the
     * client then need not send again.
     */
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

    /**
     * Tomcat wraps the connection's exception as the cause. A time-out is not a cut; on HTTP/2 it is the exception
     * that closes the stream.
     */
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
    public Pace pace() {
        return pace;
    }

    @Override
    public long announcedBytes() {
        return announced;
    }
}
