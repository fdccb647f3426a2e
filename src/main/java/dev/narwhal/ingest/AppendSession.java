package dev.narwhal.ingest;

import dev.narwhal.access.limits.LimitReachedException;
import dev.narwhal.access.limits.Pace;
import dev.narwhal.lease.BodyProgress;
import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.staging.StagedAppend;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingFullException;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request that holds an upload's lease and may append one body. Bytes read go to the {@link LeasedUpload}, which
 * synchronises this session with requests that take the upload over (PATCH, DELETE) or ask for its offset (HEAD).
 */
public final class AppendSession implements LeaseHolder, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AppendSession.class);
    private static final int READ_BACK = 64 << 10;

    /** After it a body that waits for its turn looks whether it still has the upload. */
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(250);

    private final LeasedUpload held;
    private final UploadRepository uploads;
    private final StagingStore staging;
    private final RunningBodies bodies;
    private final IngestMetrics metrics;
    private final MinimumRate rate;
    private @Nullable Lease lease;
    private volatile boolean admitted;

    AppendSession(
            LeasedUpload held,
            UploadRepository uploads,
            StagingStore staging,
            RunningBodies bodies,
            IngestMetrics metrics,
            MinimumRate rate) {
        this.held = held;
        this.uploads = uploads;
        this.staging = staging;
        this.bodies = bodies;
        this.metrics = metrics;
        this.rate = rate;
    }

    UploadId id() {
        return held.id();
    }

    void hold(Lease granted) {
        lease = granted;
    }

    void start(GrantedUpload granted) {
        admit();
        held.start(LeasedRow.read(granted, uploads, metrics));
    }

    /**
     * Starts a session for a new upload. Its row is added together with the first bytes that are recorded; a body that
     * ends before that adds the row without bytes.
     */
    void startNew(Upload planned) {
        admit();
        held.start(LeasedRow.planned(planned, uploads, metrics));
    }

    /** False while the database does not have the row of a new upload: its client must not be told of it. */
    public boolean isAdded() {
        return held.isAdded();
    }

    /** Marks the request as admitted: until the session ends, the upload does not expire. */
    void admit() {
        admitted = true;
    }

    /** False for a request that holds the lease and may still be refused. */
    @Override
    public boolean isWriting() {
        return admitted;
    }

    /** False once another request has taken the upload over: this session's copy of the row may be outdated then. */
    public boolean isCurrent() {
        return lease != null && lease.isHeld();
    }

    /** The row as this session knows it. */
    public Upload upload() {
        return held.known();
    }

    /** True when another request had to give up the lease for this one. */
    public boolean isTakenOver() {
        return lease != null && lease.isTakenOver();
    }

    /** True when {@code offset} was right until a later body moved past it, whose client got no answer. */
    public boolean overtook(long offset) {
        return held.overtook(offset);
    }

    @Override
    public Optional<BodyProgress> progress() {
        return held.progress();
    }

    /**
     * Fixes a deferred length; durable when this returns. When the upload has all its bytes already, this finishes
     * it.
     *
     * @throws UploadOvertakenException when another request moved the upload
     */
    public Upload declareLength(long length) {
        return held.declareLength(length);
    }

    /**
     * Appends the body at the row's offset. When this returns or throws, all received bytes are durable and recorded,
     * unless the exception is about storage or database. A body with a checksum is different: nothing of it is
     * recorded until the whole body has been received and verified.
     *
     * @param limit the offset beyond which no byte is taken: the upload's length, or the largest size allowed
     * @return the row after the body; complete when this was the last byte
     * @throws BodyInterruptedException when the rest of the body did not come
     * @throws BodyTooLargeException when the body has bytes beyond {@code limit}; the bytes up to it are kept, unless
     *     the body has a checksum
     * @throws StagingFullException when the staging ran out of room; the bytes written before are kept, unless the
     *     body has a checksum
     * @throws ChecksumMismatchException when the body does not match its checksum; nothing of it is kept
     * @throws UploadOvertakenException when another request took the upload over
     * @throws ServerStoppingException when the server is being stopped
     * @throws IOException when a write or sync failed; the row stays at the last recorded offset
     */
    public Upload receive(ChunkSource body, long limit, Verification verification) throws IOException {
        Upload before = upload();
        long offset = before.offset();
        if (body.announcedBytes() == 0 || before.state().isComplete() || offset == limit) {
            // Nothing to append, and the staged file of a delivered upload may be gone.
            try {
                EmptyBody.receive(body, offset, verification);
            } finally {
                held.addIfPlanned();
            }
            return upload();
        }
        bodies.enter(held);
        try {
            return measured(body, limit, verification, offset);
        } finally {
            bodies.leave(held);
        }
    }

    private Upload measured(ChunkSource body, long limit, Verification verification, long offset) throws IOException {
        BodyMeter meter = metrics.begin();
        ChunkSource counted = new CountedBody(rate.enforceOn(body, System::nanoTime), meter);
        try (StagedAppend staged = begin(body, verification)) {
            Upload after = receive(counted, staged, limit, new BodyVerifier(verification));
            meter.acknowledged();
            return after;
        } catch (IOException | RuntimeException e) {
            BodyLoss reason = held.reasonOf(e);
            meter.broken(reason, upload().offset() - offset);
            addAfter(e);
            if (held.isAdded()) {
                uploads.interrupted(held.known(), reason.label());
            }
            throw e;
        }
    }

    /** The client is told of {@code failure}, and where to send the body again if the new upload has its row. */
    private void addAfter(Exception failure) {
        if (failure instanceof LimitReachedException && !held.isAdded()) {
            removeRefused();
            return;
        }
        try {
            held.addIfPlanned();
        } catch (RuntimeException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
            log.warn("upload.not-created upload={} its body failed, and so did its row", id(), e);
        }
    }

    /** A new upload for which there is no room: no row will ever name its bytes. */
    private void removeRefused() {
        try {
            staging.delete(id());
        } catch (IOException e) {
            log.warn("upload.not-removed upload={} its creation was refused", id(), e);
        }
    }

    private Upload receive(ChunkSource body, StagedAppend staged, long limit, BodyVerifier verifier)
            throws IOException {
        boolean acknowledged = false;
        try {
            Upload after = drain(body, staged, limit, verifier);
            acknowledged = true;
            return after;
        } finally {
            held.end(acknowledged);
        }
    }

    private StagedAppend begin(ChunkSource body, Verification verification) throws IOException {
        return held.begin(new StagedFile(body.announcedBytes()), verification.isRequired());
    }

    private final class StagedFile implements LeasedUpload.Opener {

        private final long announced;

        StagedFile(long announced) {
            this.announced = announced;
        }

        @Override
        public boolean cutsAt(long offset) throws IOException {
            return staging.isLonger(id(), offset);
        }

        @Override
        public StagedAppend at(long offset) throws IOException {
            return staging.append(id(), offset, announced);
        }
    }

    private Upload drain(ChunkSource body, StagedAppend staged, long limit, BodyVerifier verifier) throws IOException {
        long start = staged.position();
        try {
            fill(body, staged, limit, verifier);
        } catch (BodyInterruptedException | BodyTooLargeException | StagingFullException e) {
            held.keep(e);
            throw e;
        }
        verifier.finish(start, digest -> readBack(start, staged.position(), digest));
        return held.record();
    }

    private void fill(ChunkSource body, StagedAppend staged, long limit, BodyVerifier verifier) throws IOException {
        while (staged.position() < limit) {
            awaitTurn(body.pace());
            ByteBuffer room = held.room();
            long most = Math.min(limit - staged.position(), body.pace().piece());
            if (room.remaining() > most) {
                room.limit(room.position() + (int) most);
            }
            int read = verifier.read(body, room);
            if (read < 0) {
                return;
            }
            body.pace().took(read);
            held.announce(read);
        }
        if (body.read(ByteBuffer.allocate(1)) > 0) {
            throw new BodyTooLargeException(verifier.isRequired() ? upload().offset() : limit);
        }
    }

    /**
     * Waits without the lock, and before a read: everything that was read is announced, so that another request can take the
     * upload over at once.
     */
    private void awaitTurn(Pace pace) {
        for (long nanos = pace.nanosToWait(); nanos > 0; nanos = pace.nanosToWait()) {
            held.requireHeld();
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(nanos, LONGEST_WAIT));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Computes the digest outside the lock: a request that takes the upload over waits for one read at most. */
    private void readBack(long start, long end, BodyDigest digest) throws IOException {
        if (start == end) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(READ_BACK, end - start));
        try (StagedContent content = held.readBack(() -> staging.readOnce(id(), end))) {
            for (long position = start; position < end; ) {
                long at = position;
                position += held.readBack(() -> content.read(buffer.clear(), at));
                digest.update(buffer.flip());
            }
        }
    }

    @Override
    public boolean letGo(Duration patience) throws InterruptedException {
        return held.letGo(patience);
    }

    @Override
    public void catchUp() {
        held.catchUp();
    }

    @Override
    public void told(long offset) {
        held.told(offset);
    }

    /** Ends the session and gives the lease back. */
    @Override
    public void close() {
        held.close();
        if (lease != null) {
            lease.close();
        }
    }
}
