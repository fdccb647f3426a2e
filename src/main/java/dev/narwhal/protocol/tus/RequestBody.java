package dev.narwhal.protocol.tus;

import dev.narwhal.ingest.BodyInterruptedException;
import dev.narwhal.ingest.BodyInterruptedException.Reason;
import dev.narwhal.ingest.ChunkSource;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;

/** The container's body stream, read straight into the staging's buffer. */
final class RequestBody implements ChunkSource {

    private final ServletInputStream in;
    private final long announced;

    RequestBody(HttpServletRequest request) throws IOException {
        this.in = request.getInputStream();
        this.announced = announced(request);
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
        return request.getHeader("Transfer-Encoding") != null
                || !request.getProtocol().startsWith("HTTP/1");
    }

    @Override
    public int read(ByteBuffer target) throws BodyInterruptedException {
        try {
            return in.read(target);
        } catch (SocketTimeoutException e) {
            throw new BodyInterruptedException(Reason.SILENT, e);
        } catch (ClientAbortException e) {
            throw new BodyInterruptedException(reasonOf(e), e);
        } catch (IOException e) {
            throw new BodyInterruptedException(isMalformed(e) ? Reason.MALFORMED : Reason.CUT, e);
        }
    }

    /** Tomcat wraps what it met in the connection; a time-out is not a cut. */
    private static Reason reasonOf(IOException e) {
        if (e.getCause() instanceof SocketTimeoutException) {
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
