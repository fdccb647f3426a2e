package dev.narwhal.delivery;

import static dev.narwhal.access.Caller.ANYBODY;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryRequest;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.Outcome;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.directory.RootMarkers;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.settings.DestinationConfiguration;
import dev.narwhal.ingest.IngestMetrics;
import dev.narwhal.ingest.NewFinal;
import dev.narwhal.ingest.UploadConcatenator;
import dev.narwhal.ingest.UploadExpiry;
import dev.narwhal.lease.InProcessLeases;
import dev.narwhal.lease.LeaseMetrics;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagedAppend;
import dev.narwhal.staging.StagedFiles;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.staging.StagingConfiguration;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.unit.DataSize;

/** Deliveries wired by hand: real staging, a real database, a real directory, and a destination that can be spoiled. */
final class DeliveryFixture implements AutoCloseable {

    /** A second destination, and the owner whose uploads go there. */
    static final String OTHER = "other";

    /** The number of this process. */
    static final long PROCESS = 7;

    /** By the settings of today; those of another process may be others. */
    SendAhead sendAhead = new SendAhead(true, 64 << 20);

    DeliveryProperties.Digest digest = DeliveryProperties.Digest.SHA_256;

    /** The process dies right after each commit: nothing is told in memory. */
    boolean crashAfterCommit;

    final Path folder;
    final TestDatabase database;
    final Clock clock;
    final StagingStore staging;
    final Spoiled destination;
    final Spoiled other;
    final Destinations destinations;
    final UploadRepository uploads;
    final DeliveryRepository deliveries;
    /** What has become of uploads, in its order. */
    final List<UploadEvent.Type> told = new CopyOnWriteArrayList<>();

    final TransferSlots slots = new TransferSlots(2);
    final RunningDeliveries running = new RunningDeliveries();
    final DeliveryJobs jobs;
    final DestinationStates states;
    private final DeliverySchedule schedule;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    final MeterRegistry meters = new SimpleMeterRegistry();
    private final PartBudget budget = new PartBudget(2);
    private @Nullable ScheduledDeliveries queue;
    private DeliveryHandback handback;
    private @Nullable Scheduler scheduler;

    DeliveryFixture(Path folder, TestDatabase database, Clock clock) {
        this(folder, database, clock, Map.of());
    }

    /** @param settings besides those that keep everything in the folder */
    DeliveryFixture(Path folder, TestDatabase database, Clock clock, Map<String, Object> settings) {
        this.folder = folder;
        this.database = database;
        this.clock = clock;
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test",
                        Map.of(
                                "narwhal.data-dir", folder.toString(),
                                "narwhal.destination.directory.path",
                                        folder.resolve("delivered").toString())));
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("more", settings));
        context.registerBean(PartBudget.class, () -> budget);
        context.registerBean(
                RootMarkers.class,
                () -> new RootMarkers(
                        database.jdbc(), context.getBean(StagingStore.class).volume()));
        context.register(StagingConfiguration.class, DestinationConfiguration.class);
        context.refresh();
        this.staging = context.getBean(StagingStore.class);
        this.destination = new Spoiled(context.getBean(Destination.class));
        this.other = new Spoiled(context.getBean(Destination.class));
        this.destinations = new Destinations(Map.of(Destinations.DEFAULT, destination, OTHER, other));
        this.jobs = new DeliveryJobs(
                destinations,
                Map.of(
                        Destinations.DEFAULT,
                        new DeliveryTarget(new KeyTemplate("uploads/{id}/{filename}"), List.of()),
                        OTHER,
                        new DeliveryTarget(new KeyTemplate("other/{id}"), List.of())),
                List.of(new DeliveryRule(OTHER, OTHER, Map.of())),
                OnConflict.FAIL);
        this.states = new DestinationStates(destinations, Backoff.ofProbes(new Random(5)), clock);
        this.uploads = database.repository(new Later(), clock);
        this.schedule = new DeliverySchedule(staging.volume(), this::currentScheduler, database.jdbc(), clock);
        this.deliveries = new DeliveryRepository(database.jdbc(), database.committer(), uploads, clock);
        this.handback = new DeliveryHandback(takenRows(PROCESS), schedule, database.committer(), clock);
    }

    DeliveryTask task() {
        return task(deliveries, staging, Duration.ZERO, null);
    }

    DeliveryTask task(DeliveryRepository repository, StagingStore store, Duration keep, @Nullable Integer maxAttempts) {
        DeliverySettings settings = settings(keep, maxAttempts);
        DeliveryMetrics metrics = metrics();
        DeliveryFailures failures = failures(repository, settings, metrics);
        return new DeliveryTask(
                uploads,
                repository,
                store,
                destinations,
                jobs,
                attempts(repository, store, failures),
                failures,
                digests(repository, store),
                settings,
                metrics,
                clock);
    }

    private DeliverySettings settings(Duration keep, @Nullable Integer maxAttempts) {
        return new DeliverySettings(
                new DeliveryProperties(
                        OnConflict.FAIL, 2, 2, maxAttempts, true, DataSize.ofMegabytes(64), digest, List.of()),
                keep,
                Backoff.ofDeliveries(new Random(3)),
                true);
    }

    private DeliveryMetrics metrics() {
        DeliveryBacklog backlog = new DeliveryBacklog(database.jdbc(), destinations.names(), clock, System::nanoTime);
        return new DeliveryMetrics(meters, backlog, states, budget);
    }

    private DeliveryFailures failures(
            DeliveryRepository repository, DeliverySettings settings, DeliveryMetrics metrics) {
        return new DeliveryFailures(uploads, repository, states, schedule, running, settings, metrics, clock);
    }

    private DeliveryAttempts attempts(DeliveryRepository repository, StagingStore store, DeliveryFailures failures) {
        return new DeliveryAttempts(repository, store, destinations, states, schedule, running, slots, failures, clock);
    }

    private DeliveryDigests digests(DeliveryRepository repository, StagingStore store) {
        return new DeliveryDigests(repository, new StagedUploads(store, uploads), running, schedule, digest);
    }

    /** Another process has another number. */
    TakenRows takenRows(long process) {
        return new TakenRows(database.jdbc(), database.committer(), uploads, deliveries, process, clock);
    }

    /** What a process keeps in memory; nothing is taken before its start. */
    TakenDeliveries taken(DeliveryRepository repository, Duration keep, int most) {
        return taken(repository, staging, keep, most);
    }

    TakenDeliveries taken(DeliveryRepository repository, StagingStore store, Duration keep, int most) {
        TakenRows rows = new TakenRows(database.jdbc(), database.committer(), uploads, repository, PROCESS, clock);
        handback = new DeliveryHandback(rows, schedule, database.committer(), clock);
        DeliverySettings settings = settings(keep, null);
        DeliveryMetrics metrics = metrics();
        DeliveryAttempts attempts = attempts(repository, store, failures(repository, settings, metrics));
        DeliveryDigests digests = digests(repository, store);
        BatchDelivery batches = new BatchDelivery(
                rows, store, destinations, states, jobs, attempts, digests, settings, metrics, handback, clock);
        return new TakenDeliveries(
                rows, repository, jobs, digests, running, handback, batches, destinations, store.volume(), 2, most);
    }

    DeliveryUpkeep upkeep(TakenDeliveries taken, LostTasks lost) {
        LeftBytes bytes = new LeftBytes(
                context.getBean(StagedFiles.class),
                staging.volume(),
                database.jdbc(),
                database.committer(),
                schedule,
                clock);
        return new DeliveryUpkeep(taken, handback, lost, bytes, running);
    }

    DeliverySchedule schedule() {
        return schedule;
    }

    LostTasks lostTasks(ScheduledDeliveries scheduled) {
        return new LostTasks(
                scheduled,
                takenRows(PROCESS),
                destinations.names(),
                database.jdbc(),
                database.committer(),
                staging.volume(),
                clock);
    }

    /** One that never runs where a test runs the tasks by itself. */
    private Scheduler currentScheduler() {
        Scheduler current = scheduler;
        if (current == null) {
            current = Scheduler.create(database.dataSource()).build();
            scheduler = current;
        }
        return current;
    }

    Scheduler scheduler(DeliveryTask task) {
        Scheduler made = DeliveryScheduler.scheduler(
                database.dataSource(),
                List.of(DeliverySchedulingConfiguration.task(task, schedule, staging.volume())),
                staging.volume(),
                2,
                destination::close,
                clock);
        scheduler = made;
        return made;
    }

    /** The queue that finishing uploads use; made anew for each scheduler. */
    ScheduledDeliveries queue(Scheduler of) {
        return queue(of, taken(deliveries, Duration.ZERO, TakenDeliveries.MOST));
    }

    ScheduledDeliveries queue(Scheduler of, TakenDeliveries taken) {
        scheduler = of;
        LinkedObjects links = new LinkedObjects(destinations, new StagedUploads(staging, uploads), uploads);
        ScheduledDeliveries scheduled = new ScheduledDeliveries(
                uploads, deliveries, jobs, running, sendAhead, schedule, taken, links, database.committer(), clock);
        queue = scheduled;
        return scheduled;
    }

    Upload finished(byte[] bytes) throws IOException {
        return finished(bytes, staging.volume());
    }

    /** An upload whose last byte has just been recorded. */
    Upload finished(byte[] bytes, String volume) throws IOException {
        return finished(bytes, volume, UploadKind.WHOLE);
    }

    /** A final of partials that are finished. */
    Upload concatenated(byte[]... pieces) throws IOException {
        List<UploadId> partials = new ArrayList<>();
        for (byte[] piece : pieces) {
            partials.add(finished(piece, staging.volume(), UploadKind.PARTIAL).id());
        }
        return concatenator(Long.MAX_VALUE)
                .concatenate(
                        new NewFinal(ANYBODY, partials, new UploadDescription(null, "file.bin", null, "final;...")));
    }

    UploadConcatenator concatenator(long largest) {
        UploadLeases leases = new InProcessLeases(Duration.ofSeconds(5), new LeaseMetrics(meters));
        UploadExpiry expiry = new UploadExpiry(uploads, database.expiries(), staging, leases, clock);
        return new UploadConcatenator(uploads, staging, expiry, largest, new IngestMetrics(meters), clock);
    }

    Upload finished(byte[] bytes, String volume, UploadKind kind) throws IOException {
        return finished(bytes, volume, kind, "");
    }

    Upload finished(byte[] bytes, String volume, UploadKind kind, String owner) throws IOException {
        return finished(bytes, volume, kind, owner, null);
    }

    /** One with this Upload-Metadata. */
    Upload finished(byte[] bytes, String volume, UploadKind kind, String owner, @Nullable String metadata)
            throws IOException {
        UploadId id = stage(bytes);
        boolean empty = bytes.length == 0;
        UploadState state = empty ? UploadState.FINISHED : UploadState.RECEIVING;
        Upload created = uploads.create(row(id, owner, kind, (long) bytes.length, metadata, state, volume));
        return empty ? created : uploads.advance(created, bytes.length, 1).orElseThrow();
    }

    /** An upload all of whose bytes are staged, and of none of which its row knows yet. */
    Upload receiving(int length) throws IOException {
        UploadId id = stage(new byte[length]);
        return uploads.create(
                row(id, "", UploadKind.WHOLE, (long) length, null, UploadState.RECEIVING, staging.volume()));
    }

    /** An upload whose bytes were all recorded before its client declared its length. */
    Upload declared(byte[] bytes) throws IOException {
        UploadId id = stage(bytes);
        Upload created =
                uploads.create(row(id, "", UploadKind.WHOLE, null, null, UploadState.RECEIVING, staging.volume()));
        Upload received = uploads.advance(created, bytes.length, 1).orElseThrow();
        return uploads.declareLength(received, bytes.length, 1).orElseThrow();
    }

    private UploadId stage(byte[] bytes) throws IOException {
        UploadId id = UploadId.random();
        staging.admit(id, bytes.length);
        try (StagedAppend append = staging.append(id, 0, bytes.length)) {
            for (int sent = 0; sent < bytes.length; ) {
                ByteBuffer room = append.buffer();
                int count = Math.min(room.remaining(), bytes.length - sent);
                room.put(bytes, sent, count);
                append.received(count);
                sent += count;
            }
            append.flush();
        }
        return id;
    }

    private Upload row(
            UploadId id,
            String owner,
            UploadKind kind,
            @Nullable Long length,
            @Nullable String metadata,
            UploadState state,
            String volume) {
        Instant now = clock.instant();
        return UploadBuilder.upload()
                .id(id)
                .owner(owner)
                .kind(kind)
                .length(length)
                .metadata(metadata)
                .contentType(null)
                .filename("file.bin")
                .state(state)
                .createdAt(now)
                .volume(volume)
                .build();
    }

    UploadState state(UploadId id) {
        return uploads.find(id).orElseThrow().state();
    }

    DeliveryRow row(UploadId id) {
        return deliveries.find(id).orElseThrow();
    }

    /** A column of the delivery's row. */
    @Nullable
    String column(UploadId id, String name) {
        return (@Nullable String) value(id, name);
    }

    /** A column of the delivery's row that is no text. */
    @Nullable
    Object value(UploadId id, String name) {
        return database.jdbc()
                .sql("select " + name + " from delivery where upload_id = :id")
                .param("id", id.value())
                .query()
                .singleRow()
                .get(name);
    }

    /** Attempts that failed, and were to be made again, as they are counted. */
    double retries(String name, String failure) {
        return meters.get("narwhal.deliveries.retries")
                .tags("destination", name, "failure", failure)
                .counter()
                .count();
    }

    boolean isStaged(Upload upload) {
        try (var unused = staging.read(upload.id(), upload.offset())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** All files at the destination, of whatever name, but the directory's own marker. */
    List<Path> delivered() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("delivered"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(".narwhal-destination"))
                    .toList();
        }
    }

    /** Runs the task as often as it asks for, as the scheduler would. */
    static void runToTheEnd(DeliveryTask task, UploadId id) {
        int runs = 0;
        while (task.run(id).isPresent()) {
            if (++runs > 10) {
                throw new AssertionError("The task of " + id + " never ends");
            }
        }
    }

    @Override
    public void close() {
        context.close();
        budget.close();
    }

    /** Uploads know their queue only when they are finished. */
    private final class Later implements UploadListener {
        @Override
        public void changed(UploadEvent event) {
            Upload now = event.now();
            if (queue != null) {
                queue.changed(event);
            } else if (event.type() == UploadEvent.Type.FINISHED && now.isQueued()) {
                String name = jobs.destinationOf(now);
                deliveries.insertIfAbsent(now, name, jobs.keyOf(now, name), jobs.planOf(now, name));
            }
        }

        @Override
        public void committed(UploadEvent event) {
            told.add(event.type());
            if (queue != null && !crashAfterCommit) {
                queue.committed(event);
            }
        }
    }

    /** Something that happens during a delivery. */
    @FunctionalInterface
    interface Step {
        void run(DeliveryJob job, DeliveryJournal journal)
                throws DestinationException, DeliveryStoppedException, IOException;
    }

    /** What is done with the bytes that are there before an upload's end. */
    @FunctionalInterface
    interface Ahead {
        void send(DeliveryJob job, ContentSource content, DeliveryJournal journal) throws DestinationException;
    }

    /** The real destination, with a step before it and one after it, which may fail. */
    static final class Spoiled implements Destination {

        private static final Step NOTHING = (job, journal) -> {};

        private final Destination real;
        volatile Step before = NOTHING;
        volatile Step after = NOTHING;
        volatile Step beforeAbandon = NOTHING;
        volatile @Nullable Ahead ahead;
        /** Uploads whose bytes were known to survive a power cut. */
        final Set<UploadId> durable = ConcurrentHashMap.newKeySet();

        Spoiled(Destination real) {
            this.real = real;
        }

        void mend() {
            before = NOTHING;
            after = NOTHING;
            beforeAbandon = NOTHING;
        }

        @Override
        public String describe() {
            return real.describe();
        }

        @Override
        public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
                throws DestinationException, DeliveryStoppedException {
            note(job, content);
            try {
                before.run(job, journal);
                DeliveryReceipt receipt = real.deliver(job, content, journal);
                after.run(job, journal);
                return receipt;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private void note(DeliveryJob job, ContentSource content) {
            if (content.isDurable()) {
                durable.add(new UploadId(job.uploadId()));
            }
        }

        @Override
        public int batch() {
            return real.batch();
        }

        @Override
        public Optional<String> handleOf(ContentSource content) throws IOException {
            return real.handleOf(content);
        }

        /** In one batch as long as nothing is spoiled. */
        @Override
        public List<Outcome<DeliveryReceipt>> deliverAll(List<DeliveryRequest> requests) {
            requests.forEach(one -> note(one.job(), one.content()));
            return before == NOTHING && after == NOTHING
                    ? real.deliverAll(requests)
                    : Destination.super.deliverAll(requests);
        }

        @Override
        public PartPlan plan(long length) {
            return real.plan(length);
        }

        @Override
        public boolean takesPartsAhead() {
            return ahead != null || real.takesPartsAhead();
        }

        @Override
        public void sendAhead(DeliveryJob job, ContentSource content, DeliveryJournal journal)
                throws DestinationException, DeliveryStoppedException {
            Ahead own = ahead;
            if (own == null) {
                real.sendAhead(job, content, journal);
            } else {
                own.send(job, content, journal);
            }
        }

        @Override
        public InputStream read(String key, long position, long length) throws IOException {
            return real.read(key, position, length);
        }

        @Override
        public void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException {
            try {
                beforeAbandon.run(job, journal);
            } catch (IOException | DeliveryStoppedException e) {
                throw new AssertionError(e);
            }
            real.abandon(job, journal);
        }
    }

    /** The process ends here: nothing but this passes, and nothing is written down any more. */
    static final class Crash extends Error {
        Crash() {
            super("crash", null, false, false);
        }
    }
}
