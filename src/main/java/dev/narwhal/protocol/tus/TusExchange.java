package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.ingest.AppendSession;
import dev.narwhal.upload.CreationKey;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request in the engine: a snapshot of the row, the session that appends to the upload, the request and its
 * caller. Bound to the thread, because the engine passes its storage neither method nor request, and only the
 * caller's name.
 */
final class TusExchange implements AutoCloseable {

    private static final ThreadLocal<@Nullable TusExchange> CURRENT = new ThreadLocal<>();

    private final HttpServletRequest request;
    private final Caller caller;
    private final @Nullable UploadId target;
    private @Nullable Upload upload;
    private @Nullable AppendSession session;
    private boolean body;
    private @Nullable CreationKey once;

    private TusExchange(HttpServletRequest request, Caller caller, @Nullable UploadId target) {
        this.request = request;
        this.caller = caller;
        this.target = target;
    }

    static TusExchange begin(HttpServletRequest request, Caller caller, @Nullable UploadId target) {
        TusExchange exchange = new TusExchange(request, caller, target);
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

    Caller caller() {
        return caller;
    }

    @Nullable
    UploadId target() {
        return target;
    }

    /** The snapshot of the row; null when the caller has no such upload. */
    @Nullable
    Upload upload() {
        return upload;
    }

    void updateSnapshot(@Nullable Upload row) {
        upload = row;
    }

    /** @param brings true for a creation whose request has a body to append */
    void expectBody(boolean brings) {
        body = brings;
    }

    /** @param key names the creation; null for one without a name */
    void nameCreation(@Nullable CreationKey key) {
        once = key;
    }

    /** The caller, with what is agreed on the upload that this request creates. */
    Caller creator() {
        return once == null ? caller : caller.agreeing(caller.terms().once(once));
    }

    boolean expectsBody() {
        return body;
    }

    /** False until the new upload of this request has its row. */
    boolean isUploadThere() {
        return session == null ? upload != null : session.isAdded();
    }

    /** Null until the request holds the upload's lease. */
    @Nullable
    AppendSession session() {
        return session;
    }

    void attach(AppendSession opened) {
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
