package dev.narwhal.ingest;

import dev.narwhal.staging.SeenDatabase;
import dev.narwhal.staging.SeenDatabase.Memory;
import dev.narwhal.upload.DatabaseAgeRepository;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadListener;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells at a start whether the database is older than the staging volume: restored from a backup, it lacks the rows of good
 * uploads. At most {@link #PAUSE_SECONDS} after a creation the database gets a new age, and then the volume. So the volume never
 * remembers an age that its database has not reached, unless that database was replaced by an older one.
 */
final class DatabaseAge implements UploadListener {

    private static final Logger log = LoggerFactory.getLogger(DatabaseAge.class);

    private static final long PAUSE_SECONDS = 10;

    private final String volume;
    private final DatabaseAgeRepository ages;
    private final SeenDatabase seen;
    private final Executor later;
    private final AtomicBoolean due = new AtomicBoolean();
    private final Instant completeSince;

    private DatabaseAge(
            String volume, DatabaseAgeRepository ages, SeenDatabase seen, Executor later, Instant completeSince) {
        this.volume = volume;
        this.ages = ages;
        this.seen = seen;
        this.later = later;
        this.completeSince = completeSince;
    }

    /** To be called once, before the first upload is created, by the process that owns the volume. */
    static DatabaseAge atStart(String volume, DatabaseAgeRepository ages, SeenDatabase seen, Clock clock)
            throws IOException {
        return atStart(
                volume,
                ages,
                seen,
                clock,
                CompletableFuture.delayedExecutor(
                        PAUSE_SECONDS, TimeUnit.SECONDS, task -> Thread.startVirtualThread(task)));
    }

    static DatabaseAge atStart(
            String volume, DatabaseAgeRepository ages, SeenDatabase seen, Clock clock, Executor later)
            throws IOException {
        long age = ages.find(volume);
        Optional<Memory> memory = seen.read();
        Instant completeSince = memory.filter(remembered -> remembered.age() <= age)
                .map(Memory::completeSince)
                .orElseGet(clock::instant);
        if (memory.isPresent() && memory.get().age() > age) {
            log.error(
                    "staging.database-older volume={} age={} seen={} the database lacks rows of files that were staged before now:"
                            + " none of them is removed by itself",
                    volume,
                    age,
                    memory.get().age());
        }
        DatabaseAge started = new DatabaseAge(volume, ages, seen, later, completeSince);
        started.grow(Math.max(age, memory.map(Memory::age).orElse(0L)) + 1);
        return started;
    }

    /** A file last written after this moment, and before this process began, has a row if its client was told of the upload. */
    Instant completeSince() {
        return completeSince;
    }

    @Override
    public void committed(UploadEvent event) {
        if (event.type() == UploadEvent.Type.CREATED && due.compareAndSet(false, true)) {
            later.execute(this::grow);
        }
    }

    /** A failure leaves the older age, which protects fewer files until the next creation. */
    private void grow() {
        due.set(false);
        try {
            grow(ages.find(volume) + 1);
        } catch (IOException | RuntimeException e) {
            log.debug("staging.age-not-moved volume={} the next creation moves it", volume, e);
        }
    }

    private void grow(long age) throws IOException {
        ages.raise(volume, age);
        seen.write(new Memory(age, completeSince));
    }
}
