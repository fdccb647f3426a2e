package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.UploadUrl;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.ingest.CreationKeys;
import dev.narwhal.ingest.CreationRepeatedException;
import dev.narwhal.ingest.NewUpload;
import dev.narwhal.ingest.UploadCreator;
import dev.narwhal.upload.CreationKey;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadTerms;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates uploads for clients that get nothing but the upload's URL. */
final class ClientUploads {

    /** Enough for the creation that follows at once. */
    private static final Duration START = Duration.ofMinutes(5);

    private final UploadCreator creator;
    private final UploadUrls urls;
    private final CreationKeys keys;
    private final Limiter limiter;
    private final boolean open;
    private final Clock clock;

    /** @param open whether access is open: then the plain URL is all that a client needs */
    ClientUploads(
            UploadCreator creator, UploadUrls urls, CreationKeys keys, Limiter limiter, boolean open, Clock clock) {
        this.creator = creator;
        this.urls = urls;
        this.keys = keys;
        this.limiter = limiter;
        this.open = open;
        this.clock = clock;
    }

    /** @param path of the upload below the creation URL of tus */
    record Created(Upload upload, String path) {}

    /** @param key names the creation; null for one that is not named. A repetition gets another token for the same upload */
    Created create(NewUploadRequest wanted, Caller caller, @Nullable CreationKey key) throws IOException {
        Optional<Created> before = repeated(caller, key);
        if (before.isPresent()) {
            return before.get();
        }
        limiter.requireRoom(caller, wanted.length());
        try {
            return open ? createOpen(wanted, caller, key) : createBehindUrl(wanted, caller, key);
        } catch (CreationRepeatedException e) {
            return repeated(caller, key).orElseThrow(() -> e);
        }
    }

    private Optional<Created> repeated(Caller caller, @Nullable CreationKey key) {
        return IdempotencyKey.find(keys, caller, key).flatMap(this::again);
    }

    private Optional<Created> again(Upload upload) {
        String credential = upload.terms().credential();
        if (credential == null || !UploadUrl.isNamedBy(credential)) {
            return Optional.of(new Created(upload, upload.id().value()));
        }
        return urls.secondToken(credential).map(token -> behind(token, upload));
    }

    private Created createOpen(NewUploadRequest wanted, Caller caller, @Nullable CreationKey key) throws IOException {
        UploadTerms terms = new UploadTerms(null, Wanted.key(wanted.key(), caller), wanted.idle());
        Upload upload = creator.create(newUpload(wanted, caller.agreeing(terms.once(key))));
        return new Created(upload, upload.id().value());
    }

    private Created createBehindUrl(NewUploadRequest wanted, Caller caller, @Nullable CreationKey key)
            throws IOException {
        UploadUrl.Grant grant = new UploadUrl.Grant(
                null, List.of(), null, Wanted.key(wanted.key(), caller), null, false, wanted.idle());
        String owner = Wanted.owner(wanted.owner(), caller);
        UploadUrls.Created url =
                urls.create(caller, owner, grant, clock.instant().plus(START), 1);
        Caller holder = url.url().caller(caller.limits());
        boolean created = false;
        try {
            Upload upload = creator.create(
                    newUpload(wanted, holder.agreeing(holder.terms().once(key))));
            created = true;
            return behind(url.token(), upload);
        } finally {
            if (!created) {
                boolean unused = urls.revoke(url.url().id());
            }
        }
    }

    private static Created behind(String token, Upload upload) {
        return new Created(upload, "u/" + token + "/" + upload.id());
    }

    private static NewUpload newUpload(NewUploadRequest wanted, Caller caller) {
        return new NewUpload(caller, UploadKind.WHOLE, wanted.length(), wanted.description());
    }
}
