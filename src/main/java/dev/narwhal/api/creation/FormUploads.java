package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.ingest.AppendSession;
import dev.narwhal.ingest.BodyChecksum;
import dev.narwhal.ingest.BodyInterruptedException;
import dev.narwhal.ingest.BodyTooLargeException;
import dev.narwhal.ingest.ChunkAppender;
import dev.narwhal.ingest.CreationKeys;
import dev.narwhal.ingest.NewUpload;
import dev.narwhal.ingest.UploadCreator;
import dev.narwhal.ingest.UploadTerminator;
import dev.narwhal.ingest.Verification;
import dev.narwhal.staging.StagingFullException;
import dev.narwhal.upload.CreationKey;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadProperties;
import dev.narwhal.upload.UploadTerms;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives whole files, by the use-cases of tus: a creation with a deferred length and a body, then the length. */
final class FormUploads {

    private static final Logger log = LoggerFactory.getLogger(FormUploads.class);

    private final UploadCreator creator;
    private final ChunkAppender appender;
    private final UploadTerminator terminator;
    private final UploadProperties properties;
    private final CreationKeys keys;
    private final Limiter limiter;

    FormUploads(
            UploadCreator creator,
            ChunkAppender appender,
            UploadTerminator terminator,
            UploadProperties properties,
            CreationKeys keys,
            Limiter limiter) {
        this.keys = keys;
        this.creator = creator;
        this.appender = appender;
        this.terminator = terminator;
        this.properties = properties;
        this.limiter = limiter;
    }

    /** A form has no checksum of its body. */
    private static final Verification UNCHECKED = new Verification() {
        @Override
        public boolean isRequired() {
            return false;
        }

        @Override
        public @Nullable BodyChecksum known() {
            return null;
        }

        @Override
        public @Nullable BodyChecksum atEnd() {
            return null;
        }
    };

    /** The finished upload, also of the form that this one repeats; durable, and its delivery queued, when this returns. */
    Upload receive(Caller caller, NewUploadRequest wanted, @Nullable CreationKey key, FormBody body)
            throws IOException {
        Optional<Upload> before = IdempotencyKey.find(keys, caller, key);
        if (before.isPresent() && before.get().state().isComplete()) {
            return before.get();
        }
        if (before.isPresent()) {
            // Its client has sent the form again, and so has given the connection of that one up, or a crash has cut
            // it.
            terminator.terminate(caller, before.get().id());
        }
        UploadTerms terms = new UploadTerms(caller.credential(), Wanted.key(wanted.key(), caller), null, key);
        NewUpload upload = new NewUpload(caller.agreeing(terms), UploadKind.WHOLE, null, wanted.description());
        limiter.requireRoom(caller, null);
        AppendSession session = appender.openNew(creator.plan(upload));
        UploadId id = session.upload().id();
        boolean whole = false;
        try {
            Upload received = receive(session, caller, body);
            Upload finished = finish(caller, received);
            whole = true;
            return finished;
        } finally {
            if (!whole) {
                discard(caller, id);
            }
        }
    }

    private Upload receive(AppendSession session, Caller caller, FormBody body) throws IOException {
        try (session) {
            long room = Math.min(largest(caller), limiter.roomFor(session.upload()));
            return session.receive(body, room, UNCHECKED);
        } catch (BodyTooLargeException e) {
            throw new ApiProblem(ApiError.MAX_SIZE_EXCEEDED);
        } catch (StagingFullException e) {
            throw new ApiProblem(ApiError.STORAGE_FULL);
        } catch (BodyInterruptedException e) {
            throw new ApiProblem(ApiError.FORM_CUT);
        }
    }

    /** A session ends with its body. */
    private Upload finish(Caller caller, Upload received) {
        try (AppendSession session = appender.open(caller, received.id())) {
            return session.declareLength(received.offset());
        }
    }

    private long largest(Caller caller) {
        return Math.min(properties.largestUpload(), limiter.largestUpload(caller));
    }

    /** Without the database it stays, and expires. */
    private void discard(Caller caller, UploadId id) {
        try {
            terminator.terminate(caller, id);
        } catch (IOException | RuntimeException e) {
            log.debug("form.not-discarded upload={} it will expire", id, e);
        }
    }
}
