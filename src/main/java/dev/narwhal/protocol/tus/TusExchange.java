package dev.narwhal.protocol.tus;

import dev.narwhal.ingest.AppendSession;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the engine: one snapshot of the row, the session that writes to it, and the request
 * itself. Bound to the thread, because the engine hands its storage neither method nor request.
 */
final class TusExchange implements AutoCloseable {

    private static final ThreadLocal<@Nullable TusExchange> CURRENT = new ThreadLocal<>();

    private final HttpServletRequest request;
    private final @Nullable UploadId target;
    private @Nullable Upload upload;
    private @Nullable AppendSession session;

    private TusExchange(HttpServletRequest request, @Nullable UploadId target) {
        this.request = request;
        this.target = target;
    }

    static TusExchange begin(HttpServletRequest request, @Nullable UploadId target) {
        TusExchange exchange = new TusExchange(request, target);
        CURRENT.set(exchange);
        return exchange;
    }

    /** The exchange of this thread's request. */
    static TusExchange current() {
        TusExchange exchange = CURRENT.get();
        if (exchange == null) {
            throw new IllegalStateException("No tus request is being processed on this thread");
        }
        return exchange;
    }

    static boolean isActive() {
        return CURRENT.get() != null;
    }

    HttpServletRequest request() {
        return request;
    }

    @Nullable
    UploadId target() {
        return target;
    }

    /** The row this request works on; null when there is none that the caller may see. */
    @Nullable
    Upload upload() {
        return upload;
    }

    void see(@Nullable Upload row) {
        upload = row;
    }

    /** Null until the request holds the upload's lease. */
    @Nullable
    AppendSession session() {
        return session;
    }

    void write(AppendSession opened) {
        session = opened;
        upload = opened.upload();
    }

    @Override
    public void close() {
        CURRENT.remove();
        if (session != null) {
            session.close();
        }
    }
}
