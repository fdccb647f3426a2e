package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.lease.InProcessLeases;
import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.LeaseMetrics;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingConfiguration;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.RowFence;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import dev.narwhal.upload.UploadListeners;
import dev.narwhal.upload.UploadRepository;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Receiving, wired by hand: a real database, real staging, and a database that can lose its answer. */
final class IngestFixture implements AutoCloseable {

    final MeterRegistry meters = new SimpleMeterRegistry();
    final RunningBodies bodies = new RunningBodies(meters);
    final IngestMetrics metrics = new IngestMetrics(meters);

    final StagingStore staging;
    final UploadRepository uploads;
    final ChunkAppender appender;
    final UploadLookup lookup;
    /** What the listeners were told of bodies that ended early. */
    final List<String> interruptions = new CopyOnWriteArrayList<>();

    /** What the listeners were told of committed changes. */
    final List<String> changes = new CopyOnWriteArrayList<>();

    /** Thrown once by the next creation, after it was committed. */
    final AtomicReference<@Nullable RuntimeException> lostCreation = new AtomicReference<>();
    /** Thrown by every creation, which then does nothing else. */
    final AtomicReference<@Nullable RuntimeException> refusedCreations = new AtomicReference<>();
    /** Thrown once by the next advance, after it was committed. */
    final AtomicReference<@Nullable RuntimeException> lostAnswer = new AtomicReference<>();
    /** Runs once, before the next lease that is asked for, when its row has been read. */
    final AtomicReference<@Nullable Runnable> beforeLease = new AtomicReference<>();

    final UploadLeases leases;

    private final Path folder;
    private final TestDatabase database;
    private final UploadCreator creator;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    IngestFixture(Path folder) {
        this(folder, Duration.ofSeconds(5), UnaryOperator.identity());
    }

    /** @param wrapper puts something between staging and those who receive */
    IngestFixture(Path folder, Duration takeoverTimeout, UnaryOperator<StagingStore> wrapper) {
        this.folder = folder;
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("narwhal.data-dir", folder.toString())));
        context.register(StagingConfiguration.class);
        context.refresh();
        staging = wrapper.apply(context.getBean(StagingStore.class));
        database = TestDatabase.h2(folder);
        uploads = new LosingRepository();
        leases = new LateLeases(new InProcessLeases(takeoverTimeout, new LeaseMetrics(meters)));
        UploadExpiry expiry = new UploadExpiry(uploads, database.expiries(), staging, leases, Clock.systemUTC());
        appender = new ChunkAppender(
                uploads, staging, leases, expiry, bodies, metrics, MinimumRate.of(0, Duration.ofMinutes(1)));
        lookup = new UploadLookup(expiry, leases, staging);
        creator = new UploadCreator(uploads, staging, metrics, Clock.systemUTC());
    }

    Upload create(@Nullable Long length) throws IOException {
        return creator.create(wanted(length));
    }

    Upload plan(@Nullable Long length) {
        return creator.plan(wanted(length));
    }

    private static NewUpload wanted(@Nullable Long length) {
        return new NewUpload(ANYBODY, UploadKind.WHOLE, length, new UploadDescription(null, null, null, null));
    }

    long offset(Upload upload) {
        return uploads.find(upload.id()).orElseThrow().offset();
    }

    /** Bytes of the staged file, whatever its row says. */
    long staged(UploadId id) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("staging"))) {
            return Files.size(files.filter(file -> file.endsWith(id.value()) && Files.isRegularFile(file))
                    .findAny()
                    .orElseThrow());
        }
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }

    private final class LosingRepository extends UploadRepository {

        LosingRepository() {
            super(
                    database.jdbc(),
                    database.committer(),
                    UploadListeners.of(new Told()),
                    Duration.ofHours(1),
                    Long.MAX_VALUE,
                    RowFence.NONE,
                    Duration.ZERO,
                    Clock.systemUTC());
        }

        @Override
        public Upload create(Upload upload) {
            throwIfAny(refusedCreations.get());
            Upload row = super.create(upload);
            throwIfAny(lostCreation.getAndSet(null));
            return row;
        }

        @Override
        public Optional<Upload> advance(Upload known, long offset, long leaseToken, @Nullable String broken) {
            Optional<Upload> row = super.advance(known, offset, leaseToken, broken);
            throwIfAny(lostAnswer.getAndSet(null));
            return row;
        }

        private static void throwIfAny(@Nullable RuntimeException failure) {
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** The real ones, for requests that something comes in the way of. */
    private final class LateLeases implements UploadLeases {

        private final UploadLeases real;

        LateLeases(UploadLeases real) {
            this.real = real;
        }

        private UploadLeases late() {
            Runnable first = beforeLease.getAndSet(null);
            if (first != null) {
                first.run();
            }
            return real;
        }

        @Override
        public Lease acquire(UploadId id, LeaseHolder holder) {
            return late().acquire(id, holder);
        }

        @Override
        public Optional<Lease> acquireIfFree(UploadId id, LeaseHolder holder) {
            return late().acquireIfFree(id, holder);
        }

        @Override
        public Lease acquireForStep(UploadId id) {
            return late().acquireForStep(id);
        }

        @Override
        public Optional<Lease> acquireForStepIfFree(UploadId id) {
            return late().acquireForStepIfFree(id);
        }

        @Override
        public Optional<LeaseHolder> holder(UploadId id) {
            return real.holder(id);
        }

        @Override
        public Mark mark(UploadId id) {
            return real.mark(id);
        }
    }

    private final class Told implements UploadListener {

        @Override
        public void committed(UploadEvent event) {
            changes.add(event.type() + " " + event.now().offset());
        }

        @Override
        public void interrupted(Upload upload, String reason) {
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isFalse();
            interruptions.add(upload.id() + "@" + upload.offset() + " " + reason);
        }
    }
}
