package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.CannotCreateTransactionException;

@Timeout(60)
class GroupCommitterIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dataDirectory;

    @SuppressWarnings("NullAway.Init")
    private ConnectionTap tap;

    @SuppressWarnings("NullAway.Init")
    private TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private RowCommitter committer;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void open() {
        database = TestDatabase.h2(dataDirectory, pool -> tap = new ConnectionTap(pool));
        committer = database.committer();
        database.jdbc().sql("create table tally (id int primary key)").update();
    }

    @AfterEach
    void close() {
        tap.before(statement -> {});
        tap.after(statement -> {});
        gate.countDown();
        callers.close();
        database.close();
    }

    private int insert(int id) {
        return database.jdbc().sql("insert into tally values (" + id + ")").update();
    }

    private List<Integer> tally() {
        return database.jdbc()
                .sql("select id from tally order by id")
                .query(Integer.class)
                .list();
    }

    /** Keeps the committer busy until the gate opens, so that what is submitted meanwhile is one group. */
    private void holdCommitter() {
        CountDownLatch held = new CountDownLatch(1);
        Future<?> holder = callers.submit(() -> committer.commit(() -> {
            held.countDown();
            return awaitGate();
        }));
        await().until(() -> held.getCount() == 0 || holder.isDone());
        tap.clear();
    }

    private boolean awaitGate() {
        try {
            gate.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing interrupts the committer's thread", e);
        }
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
        await().until(() -> inside.get() == count && threads.stream().allMatch(GroupCommitterIT::isWaiting));
        return answers;
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    @Test
    void commit_manyWaiting_shareOneTransactionAndOneSync() throws Exception {
        holdCommitter();
        List<Future<Integer>> answers = submit(50, number -> committer.commit(() -> insert(number) + number));

        gate.countDown();

        for (int number = 0; number < 50; number++) {
            assertThat(answers.get(number).get()).isEqualTo(1 + number);
        }
        assertThat(tally()).hasSize(50);
        // The holder's own group comes first.
        assertThat(tap.commitsAndSyncs())
                .containsExactly(ConnectionTap.COMMIT, ConnectionTap.SYNC, ConnectionTap.COMMIT, ConnectionTap.SYNC);
    }

    @Test
    void commit_alone_isSyncedBeforeItReturns() {
        tap.clear();

        committer.commit(() -> insert(1));

        assertThat(tap.commitsAndSyncs()).containsExactly(ConnectionTap.COMMIT, ConnectionTap.SYNC);
    }

    @Test
    void commitLazily_isCommittedAndNotSynced_untilOneOfItsGroupWantsIt() throws Exception {
        tap.clear();
        assertThat(committer.commitLazily(() -> insert(100))).isEqualTo(1);
        assertThat(tap.commitsAndSyncs()).containsExactly(ConnectionTap.COMMIT);

        holdCommitter();
        tap.clear();
        List<Future<Integer>> answers = submit(
                3,
                number -> number == 1
                        ? committer.commit(() -> insert(number))
                        : committer.commitLazily(() -> insert(number)));
        gate.countDown();
        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(1);
        }
        assertThat(tally()).containsExactly(0, 1, 2, 100);
        assertThat(tap.commitsAndSyncs())
                .containsExactly(ConnectionTap.COMMIT, ConnectionTap.SYNC, ConnectionTap.COMMIT, ConnectionTap.SYNC);
    }

    @Test
    void commit_oneOfAGroupFails_theOthersAreCommittedAndItGetsItsOwnException() throws Exception {
        insert(7);
        holdCommitter();
        List<Future<Integer>> answers = submit(20, number -> committer.commit(() -> insert(number)));

        gate.countDown();

        for (int number = 0; number < 20; number++) {
            Future<Integer> answer = answers.get(number);
            if (number == 7) {
                assertThatThrownBy(answer::get).hasCauseInstanceOf(DuplicateKeyException.class);
            } else {
                assertThat(answer.get()).isEqualTo(1);
            }
        }
        assertThat(tally()).hasSize(20);
    }

    @Test
    void commit_errorInStatements_reachesItsCallerAndTheCommitterGoesOn() {
        assertThatThrownBy(() -> committer.commit(() -> {
                    throw new AssertionError("a bug");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("a bug");

        assertThat(committer.commit(() -> insert(1))).isEqualTo(1);
    }

    @Test
    void commit_nullResult_isReturned() {
        String nothing = committer.commit(() -> null);

        assertThat(Objects.isNull(nothing)).isTrue();
    }

    @Test
    void commit_commitFails_everyCallerIsToldThatTheOutcomeIsUnknown() {
        holdCommitter();
        List<Future<Integer>> answers = submit(5, number -> committer.commit(() -> insert(number)));
        tap.before(failing(ConnectionTap.COMMIT));

        gate.countDown();

        answers.forEach(
                answer -> assertThatThrownBy(answer::get).hasCauseInstanceOf(CommitOutcomeUnknownException.class));
        tap.before(statement -> {});
        assertThat(committer.commit(() -> insert(100))).isEqualTo(1);
    }

    @Test
    void commit_syncFails_outcomeIsUnknown() {
        tap.before(failing(ConnectionTap.SYNC));

        assertThatExceptionOfType(CommitOutcomeUnknownException.class)
                .isThrownBy(() -> committer.commit(() -> insert(1)))
                .satisfies(failure ->
                        assertThat(DatabaseFailures.isUnavailable(failure)).isTrue());
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
        Upload whole = uploads.createFinal(draft.id(), List.of(partial.id()), rows -> draft);
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

    @Test
    void commit_callerIsInterrupted_waitsForItsAnswerAndStaysInterrupted() throws Exception {
        holdCommitter();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        AtomicInteger answer = new AtomicInteger();
        Thread caller = Thread.ofVirtual().start(() -> {
            answer.set(committer.commit(() -> insert(1)));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> isWaiting(caller));

        caller.interrupt();
        gate.countDown();
        caller.join();

        assertThat(answer).hasValue(1);
        assertThat(stillInterrupted).isTrue();
        assertThat(tally()).containsExactly(1);
    }

    @Test
    void commit_insideACommit_joinsIt() {
        assertThatThrownBy(() -> committer.commit(() -> {
                    int rows = committer.commit(() -> insert(1));
                    throw new IllegalStateException(rows + " row");
                }))
                .hasMessage("1 row");

        assertThat(tally()).isEmpty();
    }

    @Test
    void close_callsAreWaiting_commitsThemAndRefusesTheNext() throws Exception {
        holdCommitter();
        List<Future<Integer>> answers = submit(10, number -> committer.commit(() -> insert(number)));
        Thread closing = Thread.ofVirtual().start(committer::close);
        await().until(() -> isWaiting(closing));

        assertThatExceptionOfType(CannotCreateTransactionException.class)
                .isThrownBy(() -> committer.commit(() -> insert(1000)))
                .satisfies(failure ->
                        assertThat(DatabaseFailures.isUnavailable(failure)).isTrue());
        gate.countDown();
        closing.join();

        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(1);
        }
        assertThat(tally()).hasSize(10);
        committer.close();
    }

    private static ConnectionTap.Fault failing(String failing) {
        return statement -> {
            if (statement.equals(failing)) {
                throw new SQLException("the disk is gone");
            }
        };
    }
}
