package dev.narwhal.protocol.tus;

import dev.narwhal.ingest.BodyInterruptedException;
import dev.narwhal.ingest.BodyTooLargeException;
import dev.narwhal.ingest.UploadNotFoundException;
import dev.narwhal.ingest.UploadOvertakenException;
import dev.narwhal.ingest.VolumeAbsentException;
import dev.narwhal.lease.LeaseUnavailableException;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingFullException;
import dev.narwhal.upload.DatabaseFailures;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.exception.TusException;

/** The only place that decides what a client hears of a failure. */
final class ErrorMapper {

    private static final int SERVER_ERROR = 500;
    private static final int LOCKED = 423;

    private static final Map<Class<? extends Throwable>, TusError> KNOWN = Map.of(
            UploadNotFoundException.class, TusError.UPLOAD_NOT_FOUND,
            UploadOvertakenException.class, TusError.UPLOAD_OVERTAKEN,
            VolumeAbsentException.class, TusError.VOLUME_ABSENT,
            LeaseUnavailableException.class, TusError.UPLOAD_BUSY,
            StagingFullException.class, TusError.STORAGE_FULL,
            StagingDamagedException.class, TusError.STORAGE_DAMAGED,
            NoSuchFileException.class, TusError.FILE_GONE,
            me.desair.tus.server.exception.UploadNotFoundException.class, TusError.UPLOAD_NOT_FOUND,
            me.desair.tus.server.exception.UnsupportedMethodException.class, TusError.METHOD_NOT_ALLOWED);

    private ErrorMapper() {}

    /**
     * A HEAD that fails for any other reason than that the upload is not there, or that the request is wrong, answers 423:
     * stock clients take every other failure for "the upload is gone" and start again from byte 0.
     */
    static TusProblem problem(String method, Throwable failure) {
        TusProblem problem = classify(failure);
        boolean transientForHead = method.equals("HEAD") && problem.getStatus() >= SERVER_ERROR;
        return transientForHead ? problem.withStatus(LOCKED) : problem;
    }

    private static TusProblem classify(Throwable failure) {
        TusError known = KNOWN.get(failure.getClass());
        if (known != null) {
            return new TusProblem(known);
        }
        return switch (failure) {
            case TusProblem problem -> problem;
            case BodyInterruptedException body -> new TusProblem(ofBody(body));
            case BodyTooLargeException body ->
                new TusProblem(TusError.BODY_TOO_LARGE).with(HttpHeader.UPLOAD_OFFSET, String.valueOf(body.offset()));
            // A user's own extension: its status and its words.
            case TusException refused -> new TusProblem(TusError.REFUSED, refused.getStatus(), words(refused));
            default ->
                new TusProblem(DatabaseFailures.isUnavailable(failure) ? TusError.UNAVAILABLE : TusError.INTERNAL);
        };
    }

    private static TusError ofBody(BodyInterruptedException body) {
        return switch (body.reason()) {
            case CUT -> TusError.BODY_CUT;
            case SILENT -> TusError.BODY_SILENT;
            case MALFORMED -> TusError.BODY_MALFORMED;
        };
    }

    private static String words(TusException refused) {
        String message = refused.getMessage();
        return message == null ? TusError.REFUSED.sentence() : message;
    }
}
