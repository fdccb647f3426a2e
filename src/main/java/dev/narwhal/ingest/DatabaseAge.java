package dev.narwhal.ingest;

import dev.narwhal.staging.SeenDatabase;
import dev.narwhal.staging.SeenDatabase.Memory;
import dev.narwhal.upload.DatabaseAgeRepository;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadListener;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the database is older than the staging volume: restored from a backup, or a replica that lagged behind, it lacks the
 * rows of good uploads. With the first creation after a pause, and every {@link #PAUSE} while there are creations, the database gets
 * a new age, and then the volume. So the volume never remembers an age that its database has not reached, unless that database was
 * replaced by an older one.
 */
final class DatabaseAge implements UploadListener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DatabaseAge.class);

    static final Duration PAUSE = Duration.ofSeconds(10);

    /** The clock of a file server may be ahead of this machine's. */
    static final Duration MARGIN = Duration.ofMinutes(5);

    private final String volume;
    private final DatabaseAgeRepository ages;
    private final SeenDatabase seen;
    private final Clock clock;
    private final Later later;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final AtomicBoolean created = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private Memory memory;

    /** Runs a task on another thread, some time later. */
    interface Later {

        void run(Runnable task, Duration after);

        static void onVirtualThread(Runnable task, Duration after) {
            CompletableFuture.delayedExecutor(after.toNanos(), TimeUnit.NANOSECONDS, Thread::startVirtualThread)
                    .execute(task);
        }
    }

    private DatabaseAge(
            String volume, DatabaseAgeRepository ages, SeenDatabase seen, Clock clock, Later later, Memory memory) {
        this.volume = volume;
        this.ages = ages;
        this.seen = seen;
        this.clock = clock;
        this.later = later;
        this.memory = memory;
    }

    /** To be called once, before the first upload is created, by the process that owns the volume. */
    static DatabaseAge atStart(String volume, DatabaseAgeRepository ages, SeenDatabase seen, Clock clock, Later later)
            throws IOException {
        Optional<Memory> remembered = seen.read();
        DatabaseAge age = new DatabaseAge(
                volume, ages, seen, clock, later, remembered.orElseGet(() -> new Memory(0, clock.instant())));
        age.grow();
        return age;
    }

    /** A file last written after this moment, and before this process began, has a row if its client was told of the upload. */
    Instant completeSince() {
        lock.lock();
        try {
            return memory.completeSince();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void committed(UploadEvent event) {
        if (event.type() == UploadEvent.Type.CREATED) {
            created.set(true);
            growSoon();
        }
    }

    private void growSoon() {
        if (waiting.compareAndSet(false, true)) {
            later.run(this::growThenPause, Duration.ZERO);
        }
    }

    private void growThenPause() {
        growQuietly();
        later.run(this::afterPause, PAUSE);
    }

    private void afterPause() {
        waiting.set(false);
        if (created.get()) {
            growSoon();
        }
    }

    /** A failure leaves the older age; after the pause, or at the stop, it is tried again. */
    private void growQuietly() {
        created.set(false);
        try {
            grow();
        } catch (IOException | RuntimeException e) {
            created.set(true);
            log.debug("staging.age-not-moved volume={} it is tried again", volume, e);
        }
    }

    /** The volume is told of an older database before that database has a new age: a crash in between must not hide it. */
    private void grow() throws IOException {
        lock.lock();
        try {
            long age = ages.find(volume);
            if (age < memory.age()) {
                log.error(
                        "staging.database-older volume={} age={} seen={} the database lacks rows of files that were staged"
                                + " before now: none of them is removed by itself",
                        volume,
                        age,
                        memory.age());
                remember(new Memory(memory.age(), clock.instant().plus(MARGIN)));
            }
            long next = Math.max(age, memory.age()) + 1;
            ages.raise(volume, next);
            remember(new Memory(next, memory.completeSince()));
        } finally {
            lock.unlock();
        }
    }

    private void remember(Memory now) throws IOException {
        seen.write(now);
        memory = now;
    }

    /** At a stop. */
    @Override
    public void close() {
        if (created.get()) {
            growQuietly();
        }
    }
}
