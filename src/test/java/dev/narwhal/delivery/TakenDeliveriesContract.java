package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.narwhal.delivery.DeliveryFixture.Crash;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.testkit.ForwardingStaging;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessResourceFailureException;

/** Small uploads, which a process takes as they are finished and delivers without the scheduler, on every database. */
abstract class TakenDeliveriesContract {

    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private DeliveryFixture fixture;
    private TakenDeliveries taken;
    private ScheduledDeliveries queue;
    private LostTasks lost;
    private @Nullable DeliveryScheduler started;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        database().jdbc().sql("delete from scheduled_tasks").update();
        fixture = new DeliveryFixture(folder, database(), clock);
        process(TakenDeliveries.MOST);
    }

    @AfterEach
    void close() {
        stop();
        fixture.close();
    }

    /** One whose scheduler runs nothing: what is delivered goes through its memory. */
    private void process(int most) {
        taken = fixture.taken(fixture.deliveries, Duration.ZERO, most);
        queue = fixture.queue(fixture.scheduler(fixture.task()), taken);
        lost = fixture.lostTasks(queue);
        taken.start();
    }

    /** The next process on the volume: nothing of the last one is in its memory. */
    private void start() {
        taken.stop();
        fixture.close();
        fixture = new DeliveryFixture(folder, database(), clock);
        Scheduler scheduler = fixture.scheduler(fixture.task());
        taken = fixture.taken(fixture.deliveries, Duration.ZERO, TakenDeliveries.MOST);
        queue = fixture.queue(scheduler, taken);
        lost = fixture.lostTasks(queue);
        started = DeliveryScheduler.of(
                scheduler,
                fixture.staging.volume(),
                database().jdbc(),
                database().committer(),
                fixture.running,
                lost,
                fixture.upkeep(taken, lost));
        started.start();
    }

    private void stop() {
        if (started != null) {
            started.stop();
            started = null;
        }
        taken.stop();
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
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

    private Upload finished() throws IOException {
        return fixture.finished(DeliveryTaskContract.bytes(100));
    }

    /** Uploads that wait until the returned latch is open, and are a batch then. The first one is being delivered. */
    private CountDownLatch busy() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.destination.before = (job, journal) -> {
            fixture.destination.mend();
            begun.countDown();
            await(goOn);
        };
        finished();
        await(begun);
        return goOn;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<Upload> waiting(int count) throws IOException {
        List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            uploads.add(finished());
        }
        return uploads;
    }

    private void assertDelivered(Upload upload) throws IOException {
        awaitState(upload.id(), UploadState.DELIVERED);
        eventually().until(() -> !fixture.isStaged(upload) && !taken.holds(upload.id()));
        assertThat(fixture.folder.resolve("delivered/uploads/" + upload.id() + "/file.bin"))
                .hasBinaryContent(DeliveryTaskContract.bytes(100));
        assertThat(fixture.value(upload.id(), "taken_by")).isNull();
        assertThat(fixture.column(upload.id(), "checksum_kind")).isEqualTo("SAME_FILE");
    }

    @Test
    void small_isDeliveredWithoutATask() throws Exception {
        Upload upload = finished();

        assertThat(tasks()).isZero();
        assertDelivered(upload);
        assertThat(tasks()).isZero();
        assertThat(fixture.row(upload.id()).token()).isEqualTo(1);
    }

    @Test
    void large_final_andDeclaredDigest_getTasks() throws Exception {
        fixture.finished(new byte[6 << 20]);
        fixture.concatenated(new byte[10], new byte[10]);
        fixture.finished(new byte[10], fixture.staging.volume(), UploadKind.WHOLE, "", "sha256 " + "eA==");

        // An invalid digest is none.
        assertThat(tasks()).isEqualTo(2);
    }

    @Test
    void waiting_isABatchInOneDirectory_andEachIsDelivered() throws Exception {
        CountDownLatch goOn = busy();
        List<Upload> uploads = waiting(100);
        goOn.countDown();

        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
        assertThat(tasks()).isZero();
        assertThat(fixture.delivered()).hasSize(101);
    }

    @Test
    void oneOfABatchFails_theOthersAreDelivered() throws Exception {
        CountDownLatch goOn = busy();
        List<Upload> uploads = waiting(20);
        Upload conflicting = uploads.get(7);
        Path theirs = fixture.folder.resolve("delivered/uploads/" + conflicting.id() + "/file.bin");
        Files.createDirectories(theirs.getParent());
        Files.writeString(theirs, "theirs");
        Upload lostBytes = uploads.get(9);
        fixture.staging.delete(lostBytes.id());
        goOn.countDown();

        awaitState(conflicting.id(), UploadState.FAILED);
        awaitState(lostBytes.id(), UploadState.FAILED);
        assertThat(theirs).hasContent("theirs");
        assertThat(fixture.isStaged(conflicting)).isTrue();
        uploads.removeAll(List.of(conflicting, lostBytes));
        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
    }

    @Test
    void failure_waitsForTheScheduler() throws Exception {
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.RETRYABLE, "the network is down");
        };

        Upload upload = finished();

        eventually().until(() -> tasks() == 1);
        assertThat(fixture.row(upload.id()).attempts()).isEqualTo(1);
        assertThat(fixture.row(upload.id()).status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(fixture.value(upload.id(), "taken_by")).isNull();
        fixture.destination.mend();
        start();
        assertDelivered(upload);
        assertThat(fixture.row(upload.id()).token()).isEqualTo(2);
    }

    @Test
    void destinationRefuses_theRestWaitsForTheScheduler_andAllRunWhenItWorks() throws Exception {
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.DESTINATION, "the bucket is missing");
        };

        List<Upload> uploads = waiting(5);

        eventually().until(() -> tasks() == 5);
        assertThat(fixture.states.pauseOf("default")).isPresent();
        fixture.destination.mend();
        // As the delivery does that ends the pause.
        fixture.schedule().runWaiting("default", Set.of());
        start();
        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
    }

    /** The client declares the length only: an earlier process may have staged the bytes. */
    @Test
    void finishedByBytes_isTrustedToBeSynced_andFinishedWithoutThemIsNot() throws Exception {
        Upload received = finished();
        Upload declared = fixture.declared(DeliveryTaskContract.bytes(100));

        assertDelivered(received);
        assertDelivered(declared);
        assertThat(tasks()).isZero();
        assertThat(fixture.destination.durable).containsExactly(received.id());
    }

    /** The batch's first upload ends the pause for which the others of the batch were held. */
    @Test
    void pauseWithinABatch_endsWithItsFirstUpload_andTheOthersAreDueAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.destination.before = (job, journal) -> {
            fixture.destination.mend();
            begun.countDown();
            await(goOn);
            throw new DestinationException(Failure.DESTINATION, "the disk is not mounted");
        };
        Upload refused = finished();
        await(begun);
        List<Upload> uploads = waiting(5);
        goOn.countDown();

        eventually().until(() -> uploads.stream().noneMatch(one -> taken.holds(one.id())));
        assertThat(fixture.state(uploads.getFirst().id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.states.pauseOf("default")).isEmpty();
        assertThat(tasks()).isEqualTo(5);
        assertThat(dueTasks()).isEqualTo(5);
        start();
        assertDelivered(refused);
        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
    }

    private int dueTasks() {
        return database()
                .jdbc()
                .sql("select count(*) from scheduled_tasks where execution_time <= :now")
                .param("now", OffsetDateTime.now(ZoneOffset.UTC))
                .query(Integer.class)
                .single();
    }

    @Test
    void openingABatchThrows_allThatIsOpenIsClosed() throws Exception {
        taken.stop();
        AtomicInteger open = new AtomicInteger();
        taken = fixture.taken(recordingNoFailure(), counting(open), Duration.ZERO, TakenDeliveries.MOST);
        queue = fixture.queue(fixture.scheduler(fixture.task()), taken);
        taken.start();
        CountDownLatch goOn = busy();
        List<Upload> uploads = waiting(5);
        fixture.staging.delete(uploads.get(3).id());
        goOn.countDown();

        eventually().until(() -> uploads.stream().noneMatch(one -> taken.holds(one.id())));
        assertThat(fixture.state(uploads.getFirst().id())).isEqualTo(UploadState.FINISHED);
        assertThat(open).hasValue(0);
    }

    private DeliveryRepository recordingNoFailure() {
        return new DeliveryRepository(database().jdbc(), database().committer(), fixture.uploads, clock) {
            @Override
            boolean failed(UploadId id, long token, String error) {
                throw new DataAccessResourceFailureException("the database is away");
            }
        };
    }

    private StagingStore counting(AtomicInteger open) {
        return new ForwardingStaging(fixture.staging) {
            @Override
            public StagedContent read(UploadId id, long length) throws IOException {
                StagedContent content = super.read(id, length);
                open.incrementAndGet();
                return new StagedContent() {
                    @Override
                    public long length() {
                        return content.length();
                    }

                    @Override
                    public int read(ByteBuffer target, long position) throws IOException {
                        return content.read(target, position);
                    }

                    @Override
                    public Optional<Path> file() {
                        return content.file();
                    }

                    @Override
                    public void close() {
                        content.close();
                        open.decrementAndGet();
                    }
                };
            }
        };
    }

    @Test
    void memoryIsFull_theRestGetsTasks() throws Exception {
        taken.stop();
        process(3);
        CountDownLatch goOn = busy();

        List<Upload> uploads = waiting(5);

        assertThat(tasks()).isEqualTo(3);
        goOn.countDown();
        assertDelivered(uploads.get(0));
        assertDelivered(uploads.get(1));
        assertThat(fixture.state(uploads.get(2).id())).isEqualTo(UploadState.FINISHED);
        start();
        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
    }

    /** The process ends between the finishing commit and the hand-over in memory. */
    @Test
    void takenByAFormerProcess_isDeliveredAtTheStartAtOnce() throws Exception {
        fixture.crashAfterCommit = true;
        Upload upload = finished();
        assertThat(tasks()).isZero();
        assertThat(fixture.value(upload.id(), "taken_by")).isEqualTo(DeliveryFixture.PROCESS);

        start();

        // Long before the take would end.
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> fixture.state(upload.id()) == UploadState.DELIVERED);
        assertDelivered(upload);
    }

    @Test
    void takenByAnotherLivingProcess_isLeftToIt_untilItsTermEnds() throws Exception {
        fixture.crashAfterCommit = true;
        Upload upload = finished();
        takenByAnother(upload, Duration.ofSeconds(20));

        assertThat(lost.restoreExpired()).isZero();
        assertThat(lost.restore()).isZero();
        assertThat(tasks()).isZero();

        takenByAnother(upload, Duration.ofSeconds(-1));
        assertThat(lost.restoreExpired()).isEqualTo(1);
        assertThat(lost.restoreExpired()).isZero();
        assertThat(tasks()).isEqualTo(1);
    }

    private void takenByAnother(Upload upload, Duration forAsLongAs) {
        database()
                .jdbc()
                .sql("update delivery set taken_by = 99, taken_until = :until where upload_id = :id")
                .param("id", upload.id().value())
                .param("until", OffsetDateTime.now(ZoneOffset.UTC).plus(forAsLongAs))
                .update();
    }

    @Test
    void aTakeOfAnotherVolume_isLeftAlone() throws Exception {
        fixture.crashAfterCommit = true;
        Upload upload = finished();
        database()
                .jdbc()
                .sql("update upload set volume = 'another' where id = :id")
                .param("id", upload.id().value())
                .update();

        start();

        assertThat(lost.restoreExpired()).isZero();
        assertThat(tasks()).isZero();
        assertThat(fixture.value(upload.id(), "taken_by")).isEqualTo(DeliveryFixture.PROCESS);
    }

    @Test
    void waitingForLong_isRenewed() throws Exception {
        CountDownLatch goOn = busy();
        Upload upload = finished();
        String before = String.valueOf(fixture.value(upload.id(), "taken_until"));

        taken.renew(Duration.ofHours(1));
        assertThat(String.valueOf(fixture.value(upload.id(), "taken_until"))).isEqualTo(before);
        taken.renew(Duration.ZERO);

        assertThat(String.valueOf(fixture.value(upload.id(), "taken_until"))).isNotEqualTo(before);
        goOn.countDown();
        assertDelivered(upload);
    }

    @Test
    void deletedWhileItWaits_isNotDelivered_andTheOthersAre() throws Exception {
        CountDownLatch goOn = busy();
        List<Upload> uploads = waiting(10);
        List<Upload> deleted = List.of(uploads.get(2), uploads.get(5));
        for (Upload upload : deleted) {
            delete(upload);
        }
        goOn.countDown();

        uploads.removeAll(deleted);
        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
        assertThat(fixture.delivered()).hasSize(9);
        assertThat(tasks()).isEqualTo(2);
        start();
        for (Upload upload : deleted) {
            eventually().until(() -> fixture.deliveries.find(upload.id()).isEmpty());
        }
        assertThat(fixture.delivered()).hasSize(9);
    }

    /** As a client's DELETE does. */
    private void delete(Upload upload) throws IOException {
        assertThat(queue.cancel(upload.id())).isTrue();
        assertThat(fixture.uploads.terminate(fixture.uploads.find(upload.id()).orElseThrow()))
                .isTrue();
        fixture.staging.delete(upload.id());
    }

    /** A row that moves although the batch holds the upload, which nothing does: only that upload is not recorded. */
    @Test
    void oneOfABatchMovesMeanwhile_theOthersAreRecorded() throws Exception {
        CountDownLatch goOn = busy();
        List<Upload> uploads = waiting(10);
        Upload moved = uploads.get(4);
        fixture.uploads.terminate(moved);
        goOn.countDown();

        uploads.remove(moved);
        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
        assertThat(fixture.state(moved.id())).isEqualTo(UploadState.TERMINATED);
    }

    @Test
    void deletion_whileTheObjectIsLinked_waitsForTheRecord() throws Exception {
        CountDownLatch linked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.destination.after = (job, journal) -> {
            linked.countDown();
            await(goOn);
        };
        Upload upload = finished();
        await(linked);
        Thread thread = Thread.ofVirtual().start(goOn::countDown);

        assertThat(queue.cancel(upload.id())).isTrue();

        thread.join();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
    }

    @Test
    void crashedBetweenLinkAndRecord_isAdoptedByTheNextProcess() throws Exception {
        Upload upload = crashedAfterTheLink();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FINISHED);
        assertThat(fixture.delivered()).hasSize(1);

        start();

        assertDelivered(upload);
        assertThat(fixture.delivered()).hasSize(1);
    }

    @Test
    void crashedBetweenLinkAndRecord_thenDeleted_leavesNoObject() throws Exception {
        Upload upload = crashedAfterTheLink();
        assertThat(fixture.delivered()).hasSize(1);

        delete(upload);
        start();

        eventually().until(() -> fixture.deliveries.find(upload.id()).isEmpty());
        assertThat(fixture.delivered()).isEmpty();
    }

    private Upload crashedAfterTheLink() throws IOException {
        fixture.destination.after = (job, journal) -> {
            throw new Crash();
        };
        Upload upload = finished();
        eventually().until(() -> !taken.holds(upload.id()));
        return upload;
    }

    /** The outcome is unknown, as when the database is away: the scheduler looks at the rows. */
    @Test
    void recordCutOff_isSettledByTheUpkeep() throws Exception {
        Upload upload = crashedAfterTheLink();

        fixture.upkeep(taken, lost).run();

        assertThat(tasks()).isEqualTo(1);
        assertThat(fixture.row(upload.id()).status()).isEqualTo(DeliveryStatus.PENDING);
    }

    @Test
    void stagedBytesOfADeliveredUpload_areRemovedAtTheNextStart() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(100), "another");
        database().jdbc().sql("delete from scheduled_tasks").update();
        database()
                .jdbc()
                .sql("update upload set volume = :volume, state = 'DELIVERED' where id = :id")
                .param("volume", fixture.staging.volume())
                .param("id", upload.id().value())
                .update();
        database()
                .jdbc()
                .sql("update delivery set status = 'DELIVERED', delivered_at = updated_at where upload_id = :id")
                .param("id", upload.id().value())
                .update();
        assertThat(fixture.isStaged(upload)).isTrue();

        start();

        eventually().until(() -> !fixture.isStaged(upload));
        eventually().until(() -> tasks() == 0);
    }

    @Test
    void keptBytes_areTheSchedulersWork() throws Exception {
        taken.stop();
        taken = fixture.taken(fixture.deliveries, Duration.ofHours(1), TakenDeliveries.MOST);
        queue = fixture.queue(fixture.scheduler(fixture.task()), taken);
        taken.start();

        Upload upload = finished();

        awaitState(upload.id(), UploadState.DELIVERED);
        assertThat(fixture.isStaged(upload)).isTrue();
        assertThat(tasks()).isEqualTo(1);
    }

    @Test
    void stop_leavesWhatWaits_toTheNextStart() throws Exception {
        CountDownLatch goOn = busy();
        List<Upload> uploads = waiting(5);
        fixture.running.stopAll();
        goOn.countDown();
        taken.stop();

        assertThat(tasks()).isLessThanOrEqualTo(1);
        start();
        for (Upload upload : uploads) {
            assertDelivered(upload);
        }
    }
}
