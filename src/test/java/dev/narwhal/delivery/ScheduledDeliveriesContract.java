package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.SentPart;
import dev.narwhal.upload.DeliveredLocations.DeliveredLocation;
import dev.narwhal.upload.RetentionRepository;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deliveries as the server runs them: queued with the last byte, done by the scheduler, on every database. */
abstract class ScheduledDeliveriesContract {

    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private DeliveryFixture fixture;
    private ScheduledDeliveries queue;
    private @Nullable DeliveryScheduler started;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        loseTasks();
        fixture = new DeliveryFixture(folder, database(), clock);
        queue = fixture.queue(fixture.scheduler(fixture.task()));
    }

    @AfterEach
    void close() {
        stop();
        fixture.close();
    }

    private Scheduler start() {
        return start(fixture.running);
    }

    /** A process begins: nothing of an earlier one is in its memory. */
    private Scheduler start(RunningDeliveries running) {
        return start(running, fixture.task());
    }

    private Scheduler start(RunningDeliveries running, DeliveryTask task) {
        return start(running, task, fixture.taken(fixture.deliveries, Duration.ZERO, TakenDeliveries.MOST));
    }

    private Scheduler start(RunningDeliveries running, DeliveryTask task, TakenDeliveries taken) {
        Scheduler scheduler = fixture.scheduler(task);
        queue = fixture.queue(scheduler, taken);
        LostTasks lost = fixture.lostTasks(queue);
        started = DeliveryScheduler.of(
                scheduler,
                fixture.staging.volume(),
                database().jdbc(),
                database().committer(),
                running,
                lost,
                fixture.upkeep(taken, lost));
        started.start();
        return scheduler;
    }

    private void stop() {
        if (started != null) {
            started.stop();
            started = null;
        }
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    private void awaitState(UploadId id, UploadState state) {
        eventually().until(() -> fixture.state(id) == state);
    }

    private int tasks() {
        return database()
                .jdbc()
                .sql("select count(*) from scheduled_tasks")
                .query(Integer.class)
                .single();
    }

    @Test
    void finishing_queuesAndDelivers() throws Exception {
        start();
        byte[] bytes = DeliveryTaskContract.bytes(5000);

        Upload upload = fixture.finished(bytes);

        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> tasks() == 0);
        assertThat(fixture.delivered()).hasSize(1);
        assertThat(fixture.delivered().getFirst()).hasBinaryContent(bytes);
        assertThat(fixture.isStaged(upload)).isFalse();
        assertThat(queue.find(upload.id()))
                .contains(new DeliveredLocation("default", "uploads/" + upload.id() + "/file.bin"));
        assertThat(queue.find(UploadId.random())).isEmpty();
    }

    private RetentionRepository.Outcome remove(Upload upload) {
        return database()
                .retention(queue)
                .remove(fixture.uploads.find(upload.id()).orElseThrow());
    }

    private int deliveries(Upload upload) {
        return database()
                .jdbc()
                .sql("select count(*) from delivery where upload_id = :id")
                .param("id", upload.id().value())
                .query(Integer.class)
                .single();
    }

    @Test
    void retention_ofADelivery_takesItsRowsAndLeavesTheObject() throws Exception {
        start();
        byte[] bytes = DeliveryTaskContract.bytes(5000);
        Upload upload = fixture.finished(bytes);
        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> tasks() == 0);

        assertThat(remove(upload)).isEqualTo(RetentionRepository.Outcome.REMOVED);

        assertThat(fixture.uploads.find(upload.id())).isEmpty();
        assertThat(deliveries(upload)).isZero();
        assertThat(fixture.delivered()).hasSize(1);
        assertThat(fixture.delivered().getFirst()).hasBinaryContent(bytes);
    }

    /** The task that removes the staged bytes finds them by the row. */
    @Test
    void retention_whileStagedBytesAreKept_waits() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(50));
        var unused = fixture.task(fixture.deliveries, fixture.staging, Duration.ofHours(1), null)
                .run(upload.id());
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(tasks()).isEqualTo(1);

        assertThat(remove(upload)).isEqualTo(RetentionRepository.Outcome.NEEDED);

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(deliveries(upload)).isEqualTo(1);
    }

    /** What was sent of it is still at the destination. */
    @Test
    void retention_ofATombstoneThatIsNotAbandonedYet_waits() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(50));
        fixture.uploads.terminate(upload);
        database().jdbc().sql("delete from scheduled_tasks").update();

        assertThat(remove(upload)).isEqualTo(RetentionRepository.Outcome.NEEDED);
        assertThat(deliveries(upload)).isEqualTo(1);

        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());
        assertThat(remove(upload)).isEqualTo(RetentionRepository.Outcome.REMOVED);
    }

    @Test
    void deletionOfADeliveredUpload_takesTheDeliverysRowAndLeavesTheObject() throws Exception {
        start();
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(50));
        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> tasks() == 0);
        Upload delivered = fixture.uploads.find(upload.id()).orElseThrow();

        assertThat(queue.cancel(upload.id())).isTrue();
        assertThat(fixture.uploads.terminate(delivered)).isTrue();

        eventually().until(() -> deliveries(upload) == 0 && tasks() == 0);
        assertThat(fixture.delivered()).hasSize(1);
    }

    @Test
    void finishing_isSeenAtOnceNotAtTheNextPoll() throws Exception {
        start();
        for (int i = 0; i < 5; i++) {
            Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));

            Awaitility.await()
                    .atMost(Duration.ofMillis(1500))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> fixture.state(upload.id()) == UploadState.DELIVERED);
        }
    }

    @Test
    void runSoon_scheduleCannotBeReached_failsNobody() {
        DeliverySchedule schedule = fixture.schedule();
        schedule.checkDueTasks();
        database()
                .jdbc()
                .sql("alter table scheduled_tasks rename to tasks_away")
                .update();
        try {
            assertThatCode(() -> schedule.runSoon(UploadId.random())).doesNotThrowAnyException();
        } finally {
            database()
                    .jdbc()
                    .sql("alter table tasks_away rename to scheduled_tasks")
                    .update();
        }
    }

    @Test
    void finishing_many_deliversEachOnce() throws Exception {
        start();
        List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            uploads.add(fixture.finished(DeliveryTaskContract.bytes(i)));
        }

        for (Upload upload : uploads) {
            awaitState(upload.id(), UploadState.DELIVERED);
        }
        eventually().until(() -> tasks() == 0);

        assertThat(fixture.delivered()).hasSize(60);
        for (Upload upload : uploads) {
            assertThat(fixture.row(upload.id()).token()).isEqualTo(1);
            assertThat(fixture.row(upload.id()).attempts()).isZero();
        }
    }

    @Test
    void finishing_beforeTheStart_isDeliveredByIt() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        assertThat(tasks()).isEqualTo(1);

        start();

        awaitState(upload.id(), UploadState.DELIVERED);
    }

    @Test
    void finishing_anotherOwner_goesBeforeTheRestOfTheFirst() throws Exception {
        UploadId first = finishedBy("ann");
        UploadId second = finishedBy("ann");
        UploadId another = finishedBy("bob");

        assertThat(database()
                        .jdbc()
                        .sql("select task_instance from scheduled_tasks order by execution_time")
                        .query(String.class)
                        .list())
                .containsExactly(first.value(), another.value(), second.value());
    }

    private UploadId finishedBy(String owner) throws IOException {
        return fixture.finished(new byte[10], fixture.staging.volume(), UploadKind.WHOLE, owner)
                .id();
    }

    @Test
    void start_takesBackWhatADeadProcessWasDoing() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        database()
                .jdbc()
                .sql("""
                        update scheduled_tasks set picked = true, picked_by = :name, last_heartbeat = :now
                        """)
                .param("name", "narwhal-" + fixture.staging.volume())
                .param("now", OffsetDateTime.now(ZoneOffset.UTC))
                .update();

        start();

        // Long before its heartbeat would be missed.
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> fixture.state(upload.id()) == UploadState.DELIVERED);
    }

    @Test
    void start_leavesAnotherVolumesTasks() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        Upload others = fixture.finished(DeliveryTaskContract.bytes(11), "another");
        database()
                .jdbc()
                .sql("update scheduled_tasks set task_name = 'delivery-another' where task_instance = :id")
                .param("id", others.id().value())
                .update();

        start();

        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> tasks() == 1);
        assertThat(fixture.state(others.id())).isEqualTo(UploadState.FINISHED);
    }

    @Test
    void failure_isTriedAgainByItself() throws Exception {
        fixture.destination.before = (job, journal) -> {
            fixture.destination.mend();
            throw new DestinationException(Failure.RETRYABLE, "the network is down");
        };
        start();

        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));

        awaitState(upload.id(), UploadState.DELIVERED);
        assertThat(fixture.row(upload.id()).attempts()).isEqualTo(1);
    }

    @Test
    void unexpectedError_isTriedAgainByItself() throws Exception {
        fixture.destination.before = (job, journal) -> {
            fixture.destination.mend();
            throw new IllegalStateException("a defect");
        };
        start();

        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));

        awaitState(upload.id(), UploadState.DELIVERED);
        assertThat(fixture.row(upload.id()).attempts()).isEqualTo(1);
    }

    @Test
    void retry_failed_deliversAtLast() throws Exception {
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.FINAL, "the key is taken");
        };
        start();
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        awaitState(upload.id(), UploadState.FAILED);
        eventually().until(() -> tasks() == 0);
        fixture.destination.mend();

        assertThat(queue.retry(upload.id(), null)).isTrue();

        awaitState(upload.id(), UploadState.DELIVERED);
        assertThat(queue.retry(upload.id(), null)).isFalse();
        assertThat(queue.retry(UploadId.random(), null)).isFalse();
        eventually()
                .untilAsserted(() -> assertThat(fixture.told)
                        .containsExactly(
                                UploadEvent.Type.CREATED,
                                UploadEvent.Type.FINISHED,
                                UploadEvent.Type.DELIVERY_FAILED,
                                UploadEvent.Type.RETRIED,
                                UploadEvent.Type.DELIVERED));
    }

    /** The task is still there, and about to be removed: it has looked already. */
    @Test
    void retry_atTheMomentTheAttemptEnds_isNotLost() throws Exception {
        fixture.destination.before = (job, journal) -> {
            fixture.destination.mend();
            throw new DestinationException(Failure.FINAL, "the key is taken");
        };
        startWith(new DeliveryRepository(database().jdbc(), database().committer(), fixture.uploads, clock) {
            @Override
            boolean failed(UploadId id, long token, String error) {
                boolean failed = super.failed(id, token, error);
                assertThat(queue.retry(id, null)).isTrue();
                return failed;
            }
        });

        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));

        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> tasks() == 0);
    }

    @Test
    void deletion_atTheMomentTheAttemptEnds_removesEverythingToo() throws Exception {
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.FINAL, "the key is taken");
        };
        startWith(new DeliveryRepository(database().jdbc(), database().committer(), fixture.uploads, clock) {
            @Override
            boolean failed(UploadId id, long token, String error) {
                boolean failed = super.failed(id, token, error);
                // As a client's DELETE does, but for the bytes.
                assertThat(queue.cancel(id)).isTrue();
                assertThat(fixture.uploads.terminate(fixture.uploads.find(id).orElseThrow()))
                        .isTrue();
                return failed;
            }
        });

        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));

        eventually().until(() -> fixture.deliveries.find(upload.id()).isEmpty());
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.TERMINATED);
    }

    private void startWith(DeliveryRepository deliveries) {
        start(
                fixture.running,
                fixture.task(deliveries, fixture.staging, Duration.ZERO, null),
                fixture.taken(deliveries, Duration.ZERO, TakenDeliveries.MOST));
    }

    private void loseTasks() {
        database().jdbc().sql("delete from scheduled_tasks").update();
    }

    @Test
    void start_finishedWithoutATask_isDelivered() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        Upload partial = fixture.finished(DeliveryTaskContract.bytes(11), fixture.staging.volume(), UploadKind.PARTIAL);
        Upload elsewhere = fixture.finished(DeliveryTaskContract.bytes(12), "another-volume");
        loseTasks();

        start();

        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> tasks() == 0);
        assertThat(fixture.deliveries.find(partial.id())).isEmpty();
        assertThat(fixture.state(elsewhere.id())).isEqualTo(UploadState.FINISHED);
    }

    @Test
    void start_finishedWithoutADelivery_isDelivered() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        loseTasks();
        database()
                .jdbc()
                .sql("delete from delivery where upload_id = :id")
                .param("id", upload.id().value())
                .update();

        start();

        awaitState(upload.id(), UploadState.DELIVERED);
    }

    @Test
    void start_deletedWithoutATask_leavesNothingAtTheDestination() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        assertThat(fixture.uploads.terminate(upload)).isTrue();
        loseTasks();

        start();

        eventually().until(() -> fixture.deliveries.find(upload.id()).isEmpty());
        eventually().until(() -> tasks() == 0);
    }

    /** In between, too; whatever is scheduled stays as it is. */
    @Test
    void lostTasks_areMadeOnce_andOthersStay() throws Exception {
        Upload waiting = fixture.finished(DeliveryTaskContract.bytes(9));
        String planned = plan();
        for (int i = 0; i < 120; i++) {
            Upload lost = fixture.finished(DeliveryTaskContract.bytes(1));
            database()
                    .jdbc()
                    .sql("delete from scheduled_tasks where task_instance = :id")
                    .param("id", lost.id().value())
                    .update();
        }
        LostTasks lost = fixture.lostTasks(queue);

        assertThat(lost.restore()).isEqualTo(120);
        assertThat(lost.restore()).isZero();

        assertThat(tasks()).isEqualTo(121);
        assertThat(planned).contains(waiting.id().value());
        assertThat(plan()).contains(planned);
    }

    private String plan() {
        return database()
                .jdbc()
                .sql("select task_instance, execution_time, version from scheduled_tasks")
                .query((rs, number) -> rs.getString(1) + rs.getString(2) + rs.getLong(3))
                .list()
                .toString()
                .replaceAll("[\\[\\]]", "");
    }

    /** As a store does that takes whatever is there. */
    private static void sendAhead(DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        long part = job.plan().partSize();
        if (journal.handle().isEmpty()) {
            journal.begun("HANDLE");
        }
        for (int number = journal.parts().size() + 1; number <= content.length() / part; number++) {
            journal.sent(new SentPart(number, part, "etag", null));
        }
    }

    /** What is sent ahead by the settings of one process may not be by those of the next, and the other way round. */
    @ParameterizedTest
    @CsvSource({"true,6,16", "true,16,6", "true,6,1024", "true,1024,6", "false,6,6", "true,6,6"})
    void sendAheadFrom_changesOverARestart_theUploadIsFinishedAndDelivered(boolean before, int first, int second)
            throws Exception {
        fixture.destination.ahead = ScheduledDeliveriesContract::sendAhead;
        fixture.sendAhead = new SendAhead(before, (long) first << 20);
        queue = fixture.queue(fixture.scheduler(fixture.task()));
        Upload upload = fixture.receiving(30 << 20);
        for (int mib = 5; mib <= 10; mib++) {
            upload = fixture.uploads.advance(upload, (long) mib << 20, 1).orElseThrow();
        }

        fixture.sendAhead = new SendAhead(true, (long) second << 20);
        start();
        for (int mib = 11; mib <= 30; mib++) {
            upload = fixture.uploads.advance(upload, (long) mib << 20, 1).orElseThrow();
            if (mib == 20) {
                assertThat(deliveries(upload)).isEqualTo(1);
            }
        }

        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> tasks() == 0);
        assertThat(deliveries(upload)).isEqualTo(1);
    }

    @Test
    void cancel_waitingForItsNextAttempt_removesEverythingSoon() throws Exception {
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.RETRYABLE, "the network is down");
        };
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        start();
        eventually().until(() -> fixture.row(upload.id()).attempts() > 0);
        database()
                .jdbc()
                .sql("update scheduled_tasks set execution_time = :later where picked = false")
                .param("later", OffsetDateTime.now(ZoneOffset.UTC).plusHours(1))
                .update();

        assertThat(queue.cancel(upload.id())).isTrue();
        eventually()
                .until(() -> fixture.uploads.terminate(
                        fixture.uploads.find(upload.id()).orElseThrow()));
        queue.checkDueTasks();

        eventually().until(() -> fixture.deliveries.find(upload.id()).isEmpty());
        eventually().until(() -> tasks() == 0);
        assertThat(fixture.delivered()).isEmpty();
    }

    @Test
    void cancel_givenUp_removesEverythingToo() throws Exception {
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.FINAL, "the key is taken");
        };
        start();
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        awaitState(upload.id(), UploadState.FAILED);
        eventually().until(() -> tasks() == 0);

        assertThat(queue.cancel(upload.id())).isTrue();
        assertThat(fixture.uploads.terminate(fixture.uploads.find(upload.id()).orElseThrow()))
                .isTrue();

        eventually().until(() -> fixture.deliveries.find(upload.id()).isEmpty());
        eventually().until(() -> tasks() == 0);
    }

    @Test
    void cancel_butTheClientNeverFinished_goesOn() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        assertThat(queue.cancel(upload.id())).isTrue();

        start();

        awaitState(upload.id(), UploadState.DELIVERED);
    }

    @Test
    void stop_duringADelivery_isQuickAndTheNextProcessGoesOn() throws Exception {
        start();
        Sending sending = sending();

        long begin = System.nanoTime();
        stop();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(sending.journal().isActive()).isFalse();
        assertThat(fixture.state(sending.id())).isEqualTo(UploadState.FINISHED);
        assertThat(tasks()).isEqualTo(1);
        fixture.close();
        fixture = new DeliveryFixture(folder, database(), clock);
        start(fixture.running);
        awaitState(sending.id(), UploadState.DELIVERED);
        assertThat(fixture.delivered()).hasSize(1);
    }

    /** While the container still answers: the scheduler itself is stopped after it. */
    @Test
    void stop_beginning_endsWhatRunsAndBeginsNothing() throws Exception {
        Scheduler scheduler = start();
        Sending sending = sending();

        new DeliveriesStop(scheduler, fixture.running).stop();

        assertThat(sending.journal().isActive()).isFalse();
        assertThat(scheduler.getSchedulerState().isPaused()).isTrue();
    }

    private record Sending(UploadId id, DeliveryJournal journal) {}

    /** A delivery under way, which ends when its journal says so. */
    private Sending sending() throws Exception {
        CompletableFuture<DeliveryJournal> begun = new CompletableFuture<>();
        fixture.destination.before = (job, journal) -> {
            begun.complete(journal);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !journal.isActive());
        };
        UploadId id = fixture.finished(DeliveryTaskContract.bytes(10)).id();
        return new Sending(id, begun.get(30, TimeUnit.SECONDS));
    }
}
