package dev.narwhal.protocol.tus;

import dev.narwhal.access.UploadUrl;
import dev.narwhal.access.UploadUrlOverException;
import dev.narwhal.access.limits.LimitReachedException;
import dev.narwhal.http.ErrorCode;
import dev.narwhal.http.HttpError;
import dev.narwhal.ingest.AccessRevokedException;
import dev.narwhal.ingest.BodyInterruptedException;
import dev.narwhal.ingest.BodyTooLargeException;
import dev.narwhal.ingest.ChecksumMismatchException;
import dev.narwhal.ingest.CreationKeyReusedException;
import dev.narwhal.ingest.PartialUnusableException;
import dev.narwhal.ingest.ServerStoppingException;
import dev.narwhal.ingest.UploadFailure;
import dev.narwhal.upload.FinalTooLargeException;
import java.nio.file.NoSuchFileException;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.exception.UnsupportedMethodException;

/** Maps each failure to the answer that the client gets; no other class does. */
final class ErrorMapper {

    private static final int SERVER_ERROR = 500;
    private static final int LOCKED = 423;

    /** Roughly the duration of a restart. */
    private static final String RESTART_SECONDS = "5";

    private ErrorMapper() {}

    /**
     * A HEAD that fails with a server error answers 423 instead: stock clients take any other failure for "the upload
     * is gone" and start again from byte 0.
     */
    static TusProblem problem(String method, Throwable failure) {
        TusProblem problem = classify(method, failure);
        boolean transientForHead = method.equals("HEAD") && problem.getStatus() >= SERVER_ERROR;
        return transientForHead ? problem.withStatus(LOCKED) : problem;
    }

    private static TusProblem classify(String method, Throwable failure) {
        return switch (failure) {
            case TusProblem problem -> problem;
            case me.desair.tus.server.exception.UploadNotFoundException e -> new TusProblem(TusError.UPLOAD_NOT_FOUND);
            case UnsupportedMethodException e -> new TusProblem(HttpError.METHOD_NOT_ALLOWED);
            // An extension of the operator refused: its status and its message.
            case TusException refused -> new TusProblem(TusError.REFUSED, refused.getStatus(), words(refused));
            case NoSuchFileException e -> new TusProblem(TusError.FILE_GONE);
            case BodyInterruptedException body -> new TusProblem(ofBody(body));
            case RefusedTrailerException trailer -> trailer.problem();
            case ChecksumMismatchException body ->
                new TusProblem(TusError.CHECKSUM_MISMATCH)
                        .with(HttpHeader.UPLOAD_OFFSET, String.valueOf(body.offset()));
            case BodyTooLargeException body ->
                new TusProblem(TusError.BODY_TOO_LARGE).with(HttpHeader.UPLOAD_OFFSET, String.valueOf(body.offset()));
            case PartialUnusableException e -> unusable(e.reason(), e.position());
            case FinalTooLargeException e -> TusLimits.tooLarge("The final upload", e.largest());
            case LimitReachedException limited -> limited(limited);
            case ServerStoppingException e ->
                new TusProblem(TusError.SERVER_STOPPING).with("Retry-After", RESTART_SECONDS);
            case CreationKeyReusedException e -> new TusProblem(TusError.IDEMPOTENCY_KEY_REUSED);
            case UploadUrlOverException e -> new TusProblem(HttpError.UPLOAD_URL_OVER);
            case AccessRevokedException e ->
                UploadUrl.isNamedBy(e.credential())
                        ? new TusProblem(HttpError.UPLOAD_URL_OVER)
                        : TusGate.refusal(method, HttpError.CREDENTIALS_INVALID);
            default -> new TusProblem(of(UploadFailure.of(failure)));
        };
    }

    private static TusProblem limited(LimitReachedException limited) {
        TusProblem problem = new TusProblem(limited.error());
        return limited.isLasting() ? problem : problem.with("Retry-After", String.valueOf(limited.retryAfterSeconds()));
    }

    static TusProblem unusable(PartialUnusableException.Reason reason, int position) {
        return switch (reason) {
            case NOT_FOUND ->
                new TusProblem(
                        TusError.PARTIAL_NOT_FOUND, "Upload-Concat: URL " + position + " is that of no upload here.");
            case NOT_A_PARTIAL ->
                new TusProblem(
                        TusError.NOT_A_PARTIAL,
                        "Upload-Concat: URL " + position + " is that of an upload that is not a partial one.");
        };
    }

    private static ErrorCode of(UploadFailure failure) {
        return switch (failure) {
            case NOT_FOUND -> TusError.UPLOAD_NOT_FOUND;
            case EXPIRED -> TusError.UPLOAD_EXPIRED;
            case BUSY -> TusError.UPLOAD_BUSY;
            case OVERTAKEN -> TusError.UPLOAD_OVERTAKEN;
            case VOLUME_ABSENT -> TusError.VOLUME_ABSENT;
            case STORAGE_FULL -> TusError.STORAGE_FULL;
            case FILE_TOO_LARGE -> TusError.FILE_TOO_LARGE;
            case STORAGE_DAMAGED -> TusError.STORAGE_DAMAGED;
            case BODY_TOO_LARGE -> TusError.BODY_TOO_LARGE;
            case CHECKSUM_MISMATCH -> TusError.CHECKSUM_MISMATCH;
            case BODY_INTERRUPTED -> TusError.BODY_CUT;
            case PARTIAL_IN_USE -> TusError.PARTIAL_IN_USE;
            case PARTIAL_UNUSABLE -> TusError.PARTIAL_NOT_FOUND;
            case FINAL_TOO_LARGE -> TusError.MAX_SIZE_EXCEEDED;
            case SERVER_STOPPING -> TusError.SERVER_STOPPING;
            case ACCESS_REVOKED -> HttpError.CREDENTIALS_INVALID;
            case LIMITED -> HttpError.TOO_MANY_REQUESTS;
            case DATABASE_AWAY -> TusError.UNAVAILABLE;
            case NO_DESCRIPTORS -> TusError.NO_DESCRIPTORS;
            case UNEXPECTED -> HttpError.INTERNAL;
        };
    }

    private static TusError ofBody(BodyInterruptedException body) {
        return switch (body.reason()) {
            case CUT -> TusError.BODY_CUT;
            case SILENT -> TusError.BODY_SILENT;
            case SLOW -> TusError.BODY_SLOW;
            case MALFORMED -> TusError.BODY_MALFORMED;
        };
    }

    private static String words(TusException refused) {
        String message = refused.getMessage();
        return message == null ? TusError.REFUSED.sentence() : message;
    }
}
