package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.narwhal.database.CommitOutcomeUnknownException;
import dev.narwhal.database.ConnectionTap;
import dev.narwhal.database.DatabaseFailures;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.QueryTimeoutException;

/** What is told of a row while its change is committed and not durable, or nobody knows whether it is. */
@Timeout(60)
class InFlightWritesIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dataDirectory;

    @SuppressWarnings("NullAway.Init")
    private ConnectionTap tap;

    @SuppressWarnings("NullAway.Init")
    private TestDatabase database;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void open() {
        database = TestDatabase.h2(dataDirectory, pool -> tap = new ConnectionTap(pool));
    }

    @AfterEach
    void close() {
        tap.before(statement -> {});
        tap.after(statement -> {});
        gate.countDown();
        callers.close();
        database.close();
    }

    @Test
    void advance_commitFailsOnce_isReadAgainAndReportedAsItIs() {
        UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
        Upload known = uploads.create(upload().build());
        AtomicBoolean once = new AtomicBoolean(true);
        tap.before(statement -> {
            if (statement.equals(ConnectionTap.COMMIT) && once.getAndSet(false)) {
                throw new SQLException("the disk is gone");
            }
        });

        assertThatExceptionOfType(CommitOutcomeUnknownException.class).isThrownBy(() -> uploads.advance(known, 10, 1));
        assertThat(uploads.find(known.id())).contains(known);
        assertThat(uploads.advance(known, 10, 1)).isPresent();
    }

    @Test
    void advance_commitAnswersWithAFailureAfterHavingDoneIt_isReadAgainAndWon() {
        UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
        Upload known = uploads.create(upload().build());
        AtomicBoolean once = new AtomicBoolean(true);
        tap.after(statement -> {
            if (statement.equals(ConnectionTap.COMMIT) && once.getAndSet(false)) {
                throw new SQLException("the answer is lost");
            }
        });
        tap.clear();

        assertThat(uploads.advance(known, 10, 1))
                .contains(uploads.find(known.id()).orElseThrow());
        assertThat(uploads.find(known.id()).orElseThrow().offset()).isEqualTo(10);
        // What was read to find out is synced as well, before it is believed.
        assertThat(tap.commitsAndSyncs())
                .containsExactly(ConnectionTap.COMMIT, ConnectionTap.COMMIT, ConnectionTap.SYNC);
    }

    @Test
    void find_rowIsCommittedButNotYetSynced_waitsForTheSync() throws Exception {
        UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
        Upload known = uploads.create(upload().build());
        Upload other = uploads.create(upload().build());
        Future<?> writer = advanceUntilItsSync(uploads, known, 10);

        List<Future<Upload>> reader =
                submit(1, number -> uploads.find(known.id()).orElseThrow());
        assertThat(uploads.find(other.id())).contains(other);
        assertThat(reader.getFirst().isDone()).isFalse();
        gate.countDown();

        assertThat(reader.getFirst().get().offset()).isEqualTo(10);
        writer.get();
    }

    /** A disk that hangs holds who writes, and nobody who asks for longer than it takes to see that. */
    @Test
    void find_syncHangs_saysThatTheDatabaseIsUnavailable() throws Exception {
        UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
        Upload known = uploads.create(upload().build());
        Future<?> writer = advanceUntilItsSync(uploads, known, 10);

        assertThatExceptionOfType(QueryTimeoutException.class)
                .isThrownBy(() -> uploads.find(known.id()))
                .satisfies(failure ->
                        assertThat(DatabaseFailures.isUnavailable(failure)).isTrue());
        gate.countDown();

        writer.get();
        assertThat(uploads.find(known.id()).orElseThrow().offset()).isEqualTo(10);
    }

    @Test
    void find_finalIsFinishedByAPartialButNotYetSynced_waitsForTheSync() throws Exception {
        UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
        Upload partial = uploads.create(upload().kind(UploadKind.PARTIAL).build());
        Upload draft = upload().kind(UploadKind.FINAL).build();
        Upload whole =
                uploads.createFinal(draft.id(), Sight.ofOwner(draft.owner()), List.of(partial.id()), rows -> draft);
        Future<?> writer = advanceUntilItsSync(uploads, partial, 100);

        AtomicReference<UploadState> told = new AtomicReference<>();
        Thread reader = Thread.ofVirtual()
                .start(() -> told.set(uploads.find(whole.id()).orElseThrow().state()));
        await().until(() -> isWaiting(reader));
        assertThat(told.get()).isNull();
        gate.countDown();
        reader.join();

        assertThat(told).hasValue(UploadState.FINISHED);
        writer.get();
    }

    /** Returns when the row is committed and its sync waits for the gate. */
    private Future<?> advanceUntilItsSync(UploadRepository uploads, Upload known, long offset)
            throws InterruptedException {
        CountDownLatch committed = new CountDownLatch(1);
        tap.before(statement -> {
            if (statement.equals(ConnectionTap.SYNC)) {
                committed.countDown();
                awaitGate();
            }
        });
        Future<?> writer = callers.submit(() -> uploads.advance(known, offset, 1));
        committed.await();
        return writer;
    }

    private <T> List<Future<T>> submit(int count, Race.Runner<T> caller) {
        AtomicInteger inside = new AtomicInteger();
        List<Future<T>> answers = new ArrayList<>();
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < count; i++) {
            int number = i;
            answers.add(callers.submit(() -> {
                threads.add(Thread.currentThread());
                inside.incrementAndGet();
                return caller.run(number);
            }));
        }
        await().until(() -> inside.get() == count && threads.stream().allMatch(InFlightWritesIT::isWaiting));
        return answers;
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private boolean awaitGate() {
        try {
            gate.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing interrupts the committer's thread", e);
        }
    }
}
