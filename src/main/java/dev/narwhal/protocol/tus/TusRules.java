package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.access.CreationRules;
import dev.narwhal.ingest.AppendSession;
import dev.narwhal.ingest.ChunkAppender;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import me.desair.tus.server.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The checks of a request. The test of each check names its item of the acceptance list. */
final class TusRules {

    private final ChunkAppender appender;
    private final TusLimits limits;

    TusRules(ChunkAppender appender, TusLimits limits) {
        this.appender = appender;
        this.limits = limits;
    }

    /** T2, T3: the answer names the supported versions. */
    static void requireVersion(HttpServletRequest request) throws TusProblem {
        if (!TusHeaders.VERSION.equals(TusHeaders.single(request, HttpHeader.TUS_RESUMABLE))) {
            throw new TusProblem(TusError.UNSUPPORTED_VERSION).with(HttpHeader.TUS_VERSION, TusHeaders.VERSION);
        }
    }

    /**
     * The checks of a PATCH, the most helpful failure first. Called under the lease; if another request holds the
     * lease, also before. Without the lease an offset is refused only if the current holder cannot make it right.
     */
    void checkPatch(HttpServletRequest request, TusExchange exchange) throws TusProblem {
        Upload upload = Objects.requireNonNull(exchange.upload(), "The upload was found");
        if (upload.kind() == UploadKind.FINAL) {
            // T156: first, whatever else is wrong with the request.
            throw new TusProblem(TusError.FINAL_NOT_WRITABLE);
        }
        if (!TusHeaders.hasOffsetContentType(request)) {
            throw new TusProblem(TusError.WRONG_CONTENT_TYPE);
        }
        Long offset = TusHeaders.offset(request);
        if (offset == null) {
            throw new TusProblem(TusError.INVALID_OFFSET);
        }
        Long length = checkDeclaredLength(exchange.caller(), upload, TusHeaders.length(request));
        AppendSession session = exchange.session();
        if (session == null) {
            refuseWrongOffset(exchange.caller(), upload, offset);
        } else {
            requireOffset(upload, offset, session);
        }
        if (length != null && length < offset) {
            throw new TusProblem(TusError.LENGTH_BELOW_OFFSET);
        }
        checkBodyFits(request, offset, length);
    }

    private void refuseWrongOffset(Caller caller, Upload upload, long offset) throws TusProblem {
        switch (appender.judge(caller, upload, offset)) {
            case POSSIBLE -> {}
            case OVERTAKEN -> throw new TusProblem(TusError.UPLOAD_OVERTAKEN);
            case WRONG -> throw mismatch(upload);
        }
    }

    private static void requireOffset(Upload upload, long offset, AppendSession session) throws TusProblem {
        if (upload.offset() == offset) {
            return;
        }
        // The offset was right when the client asked for it, and then overtaken by bytes of the client's own dead
        // connection: not the client's fault.
        if (session.isTakenOver() || session.overtook(offset)) {
            throw new TusProblem(TusError.UPLOAD_OVERTAKEN);
        }
        throw mismatch(upload);
    }

    /** T37: with the true offset a client can resume without another HEAD. */
    private static TusProblem mismatch(Upload upload) {
        return new TusProblem(TusError.OFFSET_MISMATCH).with(HttpHeader.UPLOAD_OFFSET, String.valueOf(upload.offset()));
    }

    /** T88 to T93. */
    private @Nullable Long checkDeclaredLength(Caller caller, Upload upload, @Nullable Long declared)
            throws TusProblem {
        Long length = upload.length();
        if (declared == null) {
            return length;
        }
        if (length != null && !length.equals(declared)) {
            throw new TusProblem(TusError.LENGTH_CHANGED);
        }
        if (length == null) {
            limits.within(caller.creation().largestUpload()).requireAllowed(declared);
        }
        return declared;
    }

    /** T39, T94: refuses a body before reading it when its announced length is too large. */
    private void checkBodyFits(HttpServletRequest request, long offset, @Nullable Long length) throws TusProblem {
        long body = RequestBody.announced(request);
        if (length != null && body > length - offset) {
            throw new TusProblem(TusError.BODY_TOO_LARGE);
        }
        if (length == null && body > limits.largestUpload() - offset) {
            throw new TusProblem(
                    TusError.MAX_SIZE_EXCEEDED, "An upload may have at most " + limits.maxSize() + " bytes.");
        }
    }

    /**
     * The checks of a creation: T62 to T66, T70, T72 to T86, T101. A final has neither length nor body of its own.
     */
    void checkCreation(HttpServletRequest request, CreationRules creation) throws TusProblem {
        ConcatHeader concat = ConcatHeader.of(request);
        boolean brings = !concat.isFinal();
        Long length = brings ? checkCreationLength(request, creation) : null;
        String merged = creation.merge(TusHeaders.single(request, HttpHeader.UPLOAD_METADATA));
        MetadataHeader metadata = MetadataHeader.parse(merged == null ? "" : merged);
        checkType(creation, concat.kind(), metadata);
        if (brings) {
            checkCreationBody(request, length);
        }
    }

    /** A partial states no type: its final does. */
    private static void checkType(CreationRules creation, UploadKind kind, MetadataHeader metadata) throws TusProblem {
        if (kind != UploadKind.PARTIAL
                && !creation.allows(metadata.contentType().orElse(null))) {
            throw new TusProblem(TusError.TYPE_REFUSED);
        }
    }

    private @Nullable Long checkCreationLength(HttpServletRequest request, CreationRules creation) throws TusProblem {
        boolean deferred = TusHeaders.defersLength(request);
        Long length = TusHeaders.length(request);
        if (deferred && length != null) {
            throw new TusProblem(TusError.LENGTH_AMBIGUOUS);
        }
        if (!deferred && length == null) {
            throw new TusProblem(TusError.LENGTH_REQUIRED);
        }
        if (length != null) {
            limits.within(creation.largestUpload()).requireAllowed(length);
        }
        return length;
    }

    private void checkCreationBody(HttpServletRequest request, @Nullable Long length) throws TusProblem {
        if (TusHeaders.hasOffsetContentType(request)) {
            checkBodyFits(request, 0, length);
        } else if (request.getContentLengthLong() > 0) {
            throw new TusProblem(TusError.WRONG_CONTENT_TYPE);
        }
    }
}
