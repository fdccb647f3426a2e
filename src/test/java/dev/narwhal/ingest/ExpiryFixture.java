package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.narwhal.lease.InProcessLeases;
import dev.narwhal.lease.LeaseMetrics;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagedFiles;
import dev.narwhal.staging.StagingConfiguration;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.testkit.ForwardingStaging;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.DeliveryVeto;
import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Receiving and expiring wired by hand: real leases, real staging that can be spoiled, a real database, time at will. */
final class ExpiryFixture implements AutoCloseable {

    final MeterRegistry meters = new SimpleMeterRegistry();
    final RunningBodies bodies = new RunningBodies(meters);
    final IngestMetrics metrics = new IngestMetrics(meters);

    static final Duration EXPIRE_AFTER = TestDatabase.EXPIRE_AFTER;
    static final Duration LOOK_AGAIN = Duration.ofHours(1);
    static final Duration KEEP_TOMBSTONES = Duration.ofDays(30);

    final TestDatabase database;
    final SettableClock clock = new SettableClock();
    final Spoiled staging;
    final StagedFiles files;
    final UploadRepository uploads;
    final ExpiryRepository expiries;
    final Queue queue = new Queue();
    Duration keepDelivered = Duration.ZERO;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    UploadLeases leases = new InProcessLeases(Duration.ofSeconds(30), new LeaseMetrics(meters));
    UploadLookup lookup;
    ChunkAppender appender;
    UploadCreator creator;
    UploadConcatenator concatenator;

    ExpiryFixture(Path folder, TestDatabase database) {
        this.database = database;
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("narwhal.data-dir", folder.toString())));
        context.register(StagingConfiguration.class);
        context.refresh();
        this.staging = new Spoiled(context.getBean(StagingStore.class));
        this.files = context.getBean(StagedFiles.class);
        this.uploads = database.repository(queue, clock);
        this.expiries = database.expiries(queue);
        this.lookup = new UploadLookup(expiry(), leases, staging);
        this.appender = new ChunkAppender(
                uploads, staging, leases, expiry(), bodies, metrics, MinimumRate.of(0, Duration.ofMinutes(1)));
        this.creator = new UploadCreator(uploads, staging, metrics, clock);
        this.concatenator = new UploadConcatenator(uploads, staging, expiry(), Long.MAX_VALUE, metrics, clock);
    }

    UploadExpiry expiry() {
        return new UploadExpiry(uploads, expiries, staging, leases, clock);
    }

    /** The process has died: no lease is held any more. */
    void restart() {
        leases = new InProcessLeases(Duration.ofSeconds(30), new LeaseMetrics(meters));
        lookup = new UploadLookup(expiry(), leases, staging);
        appender = new ChunkAppender(
                uploads, staging, leases, expiry(), bodies, metrics, MinimumRate.of(0, Duration.ofMinutes(1)));
    }

    boolean sweep() {
        return sweep(expiries);
    }

    boolean sweep(ExpiryRepository through) {
        return new ExpirySweep(
                        uploads,
                        through,
                        expiry(),
                        staging,
                        leases,
                        queue,
                        retention(through),
                        LOOK_AGAIN,
                        metrics,
                        clock)
                .run(() -> false);
    }

    Retention retention(ExpiryRepository through) {
        return new Retention(database.retention(queue), through, KEEP_TOMBSTONES, keepDelivered, LOOK_AGAIN);
    }

    Upload create(UploadKind kind, long length) throws IOException {
        return creator.create(new NewUpload(ANYBODY, kind, length, new UploadDescription(null, null, null, null)));
    }

    Upload create() throws IOException {
        return create(UploadKind.WHOLE, 10);
    }

    /** One request with these bytes, from the row's offset on. */
    Upload append(Upload upload, String bytes) throws IOException {
        try (AppendSession session = appender.open(ANYBODY, upload.id())) {
            return session.receive(new Text(bytes), 10, Checksums.none());
        }
    }

    Upload concatenate(Upload... partials) {
        return concatenator.concatenate(new NewFinal(
                ANYBODY,
                Stream.of(partials).map(Upload::id).toList(),
                new UploadDescription(null, null, null, "final;")));
    }

    /** A final as it is stored, with its partials, in a state that it has come to. */
    Upload makeFinal(UploadState state, Upload... partials) {
        boolean complete = state.isComplete();
        Upload made = uploads.create(UploadBuilder.upload()
                .owner("")
                .kind(UploadKind.FINAL)
                .length(10L)
                .offset(complete ? 10 : 0)
                .state(state)
                .createdAt(clock.instant())
                .volume(staging.volume())
                .concat("final;")
                .build());
        for (int i = 0; i < partials.length; i++) {
            database.jdbc()
                    .sql("insert into upload_part (final_id, position, partial_id) values (:f, :position, :p)")
                    .param("f", made.id().value())
                    .param("position", i)
                    .param("p", partials[i].id().value())
                    .update();
        }
        return made;
    }

    /** Moves a finished upload to its next state, without the delivery that normally does. */
    void move(Upload upload, UploadState from, UploadState to) {
        boolean unused = uploads.moveState(upload.id(), from, to, () -> true);
    }

    UploadState state(Upload upload) {
        return uploads.find(upload.id()).orElseThrow().state();
    }

    boolean isStaged(Upload upload) {
        try (StagedContent unused = staging.read(upload.id(), 0)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Uploads that a sweep would process now. */
    List<Upload> due() {
        return expiries.due(staging.volume(), clock.instant(), 100);
    }

    @Override
    public void close() {
        context.close();
    }

    /** A body that is there as a whole. */
    record Text(ByteBuffer bytes) implements ChunkSource {

        Text(String text) {
            this(ByteBuffer.wrap(text.getBytes(US_ASCII)));
        }

        @Override
        public int read(ByteBuffer target) {
            int count = Math.min(target.remaining(), bytes.remaining());
            if (count == 0) {
                return -1;
            }
            target.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public long announcedBytes() {
            return bytes.capacity();
        }
    }

    /** Something that happens around the removal of bytes. */
    @FunctionalInterface
    interface Step {
        void run(UploadId id) throws IOException;
    }

    /** The real staging, with a step before each removal and one after it, which may fail. */
    static final class Spoiled extends ForwardingStaging {

        private static final Step NOTHING = id -> {};

        volatile Step beforeDelete = NOTHING;
        volatile Step afterDelete = NOTHING;
        /** How often the disk was asked while everybody's rows waited. */
        final AtomicInteger looksInTransactions = new AtomicInteger();

        Spoiled(StagingStore real) {
            super(real);
        }

        void mend() {
            beforeDelete = NOTHING;
            afterDelete = NOTHING;
        }

        @Override
        public boolean holds(String volume) {
            if (TransactionSynchronizationManager.isActualTransactionActive()) {
                looksInTransactions.incrementAndGet();
            }
            return real.holds(volume);
        }

        @Override
        public void delete(UploadId id) throws IOException {
            beforeDelete.run(id);
            real.delete(id);
            afterDelete.run(id);
        }
    }

    /** Records the cancelled deliveries. */
    static final class Queue implements UploadListener, DeliveryVeto {

        final List<UploadId> cancelled = new CopyOnWriteArrayList<>();
        final List<UploadId> remembered = new CopyOnWriteArrayList<>();
        volatile boolean completing;

        @Override
        public boolean cancel(UploadId id) {
            cancelled.add(id);
            return !completing;
        }

        @Override
        public boolean removeDelivery(UploadId id) {
            return !remembered.contains(id);
        }
    }

    /** The process ends here: nothing but this passes, and nothing is written down any more. */
    static final class Crash extends Error {
        Crash() {
            super("crash", null, false, false);
        }
    }
}
