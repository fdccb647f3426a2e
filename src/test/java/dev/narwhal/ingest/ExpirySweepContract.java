package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static dev.narwhal.ingest.ExpiryFixture.EXPIRE_AFTER;
import static dev.narwhal.ingest.ExpiryFixture.KEEP_TOMBSTONES;
import static dev.narwhal.ingest.ExpiryFixture.LOOK_AGAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narwhal.database.ConnectionTap;
import dev.narwhal.ingest.ExpiryFixture.Crash;
import dev.narwhal.ingest.ExpiryFixture.Text;
import dev.narwhal.lease.Lease;
import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListeners;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads that no client continues: their expiry by the clock, and by the sweep (T112 to T117). */
abstract class ExpirySweepContract {

    private static final Duration MOMENT = Duration.ofNanos(1_000);

    @TempDir
    Path folder;

    ExpiryFixture server;

    abstract TestDatabase database();

    abstract ConnectionTap tap();

    @BeforeEach
    void open() {
        server = new ExpiryFixture(folder, database());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void isExpired(Upload upload) {
        assertThatExceptionOfType(UploadExpiredException.class)
                .isThrownBy(() -> server.lookup.find(ANYBODY, upload.id()));
        assertThatExceptionOfType(UploadExpiredException.class)
                .isThrownBy(() -> server.lookup.findCurrent(ANYBODY, upload.id()));
        assertThatExceptionOfType(UploadExpiredException.class)
                .isThrownBy(() -> server.appender.openIfFree(ANYBODY, upload.id()));
        assertThatExceptionOfType(UploadExpiredException.class)
                .isThrownBy(() -> server.appender.open(ANYBODY, upload.id()));
        assertThat(server.leases.holder(upload.id())).isEmpty();
    }

    private void isThere(Upload upload) {
        assertThat(server.lookup.findCurrent(ANYBODY, upload.id())).isPresent();
        try (AppendSession session = server.appender.open(ANYBODY, upload.id())) {
            assertThat(session.upload().id()).isEqualTo(upload.id());
        }
    }

    private void isSwept(Upload upload) {
        assertThat(server.state(upload)).isEqualTo(UploadState.EXPIRED);
        assertThat(server.isStaged(upload)).isFalse();
        isExpired(upload);
    }

    private void isKept(Upload upload) {
        assertThat(server.state(upload).isLive()).isTrue();
        isThere(upload);
    }

    @Test
    void sweep_nothingStoredYet_doesNothing() {
        assertThat(server.sweep()).isFalse();
    }

    @Test
    void find_fromTheStatedMomentOn_isExpiredWithoutASweep() throws IOException {
        Upload upload = server.append(server.create(), "abc");
        server.clock.pass(EXPIRE_AFTER.minus(MOMENT));
        isThere(upload);

        server.clock.pass(MOMENT);

        isExpired(upload);
        assertThat(server.uploads.find(upload.id())).contains(upload);
        assertThat(server.isStaged(upload)).isTrue();
    }

    @Test
    void sweep_afterTheStatedMoment_removesTheBytesAndKeepsATombstone() throws IOException {
        Upload upload = server.append(server.create(), "abc");
        server.clock.pass(EXPIRE_AFTER.minus(MOMENT));
        server.sweep();
        isKept(upload);

        server.clock.pass(MOMENT);
        server.sweep();

        isSwept(upload);
        assertThat(server.due()).isEmpty();
        assertThat(server.queue.cancelled).containsExactly(upload.id());
    }

    @Test
    void sweep_uploadThatGoesOnNowAndThen_leavesItForAsLongAsThat() throws IOException {
        Upload upload = server.create(UploadKind.WHOLE, 10);
        for (int i = 0; i < 9; i++) {
            upload = server.append(upload, "x");
            server.clock.pass(EXPIRE_AFTER.minus(Duration.ofSeconds(1)));
            server.sweep();
            isKept(upload);
        }

        server.clock.pass(Duration.ofSeconds(1));
        server.sweep();

        isSwept(upload);
    }

    @ParameterizedTest
    @EnumSource(names = {"FINISHED", "DELIVERED", "FAILED"})
    void sweep_finishedUpload_neverTouchesIt(UploadState state) throws IOException {
        Upload upload = server.append(server.create(), "0123456789");
        if (state != UploadState.FINISHED) {
            server.move(upload, UploadState.FINISHED, state);
        }

        server.clock.pass(EXPIRE_AFTER.multipliedBy(1000));
        server.sweep();

        isKept(upload);
        assertThat(server.isStaged(upload)).isTrue();
    }

    @Test
    void open_refused_prolongsNothingAndHoldsNothing() throws IOException {
        Upload upload = server.create();
        server.clock.pass(EXPIRE_AFTER);

        isExpired(upload);

        assertThat(server.uploads.find(upload.id())).contains(upload);
        server.sweep();
        isSwept(upload);
    }

    @Test
    void sweep_whileARequestHoldsTheUpload_leavesIt() throws IOException {
        Upload upload = server.create();
        try (AppendSession session = server.appender.open(ANYBODY, upload.id())) {
            server.clock.pass(EXPIRE_AFTER.multipliedBy(2));
            server.sweep();

            assertThat(server.lookup.findCurrent(ANYBODY, upload.id())).contains(upload);
            session.receive(new Text("abc"), 10, Checksums.none());
        }

        isKept(upload);
        server.clock.pass(EXPIRE_AFTER);
        server.sweep();
        isSwept(upload);
    }

    /** The connection is silent for longer than an upload lives, but it is there. */
    @Test
    void receive_tricklingBeyondTheExpiry_goesOn() throws Exception {
        Upload upload = server.create();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                Trickle body = new Trickle()) {
            Future<Upload> patch = clients.submit(() -> {
                try (AppendSession session = server.appender.open(ANYBODY, upload.id())) {
                    return session.receive(body, 10, Checksums.none());
                }
            });
            for (int i = 0; i < 3; i++) {
                body.send("x");
                server.clock.pass(EXPIRE_AFTER.plus(MOMENT));
                server.sweep();
                assertThat(server.lookup.find(ANYBODY, upload.id())).isPresent();
            }
            body.close();

            assertThat(patch.get().offset()).isEqualTo(3);
        }
        assertThat(server.uploads.find(upload.id()).orElseThrow().isOverdue(server.clock.instant()))
                .isFalse();
        isKept(upload);
    }

    /** The client resumes while the dead connection still holds the upload: the resumption keeps the upload alive. */
    @Test
    void open_takingOverFromAWriterbeyondTheExpiry_isAdmitted() throws Exception {
        Upload upload = server.create();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                Trickle dead = new Trickle()) {
            Future<?> patch = clients.submit(() -> {
                try (AppendSession session = server.appender.open(ANYBODY, upload.id())) {
                    return session.receive(dead, 10, Checksums.none());
                }
            });
            dead.awaitReader();
            server.clock.pass(EXPIRE_AFTER.multipliedBy(3));

            assertThat(server.append(upload, "abc").offset()).isEqualTo(3);

            dead.send("z");
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(patch::get);
        }
        isKept(upload);
    }

    @Test
    void find_whileWhoHoldsTheLeaseIsNotLetInYet_isExpired() throws IOException {
        Upload upload = server.create();
        server.clock.pass(EXPIRE_AFTER);

        try (Lease step = server.leases.acquireForStepIfFree(upload.id()).orElseThrow()) {
            assertThat(step.isHeld()).isTrue();
            assertThatExceptionOfType(UploadExpiredException.class)
                    .isThrownBy(() -> server.lookup.find(ANYBODY, upload.id()));
        }
    }

    @Test
    void open_duringTheSweep_waitsAndFindsATombstone() throws Exception {
        Upload upload = server.create();
        server.clock.pass(EXPIRE_AFTER);
        CountDownLatch removing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        server.staging.beforeDelete = id -> {
            removing.countDown();
            await(goOn);
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> sweep = threads.submit(() -> server.sweep());
            await(removing);
            assertThat(server.leases.holder(upload.id())).isPresent();
            Future<?> patch = threads.submit(() -> server.appender.open(ANYBODY, upload.id()));
            assertThatExceptionOfType(UploadExpiredException.class)
                    .isThrownBy(() -> server.lookup.find(ANYBODY, upload.id()));
            goOn.countDown();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(patch::get)
                    .withCauseInstanceOf(UploadExpiredException.class);
            assertThat(sweep.get()).isFalse();
        }
        isSwept(upload);
    }

    /** Where the process dies in the middle of ending an upload. */
    enum Death {
        BEFORE_THE_ROW,
        AFTER_THE_ROW,
        BEFORE_THE_BYTES,
        AFTER_THE_BYTES
    }

    @ParameterizedTest
    @EnumSource
    void sweep_afterACrash_finishesWhatWasBegun(Death death) throws IOException {
        Upload upload = server.append(server.create(), "abc");
        server.clock.pass(EXPIRE_AFTER);
        switch (death) {
            case BEFORE_THE_ROW, AFTER_THE_ROW -> {}
            case BEFORE_THE_BYTES -> server.staging.beforeDelete = id -> crash();
            case AFTER_THE_BYTES -> server.staging.afterDelete = id -> crash();
        }
        assertThatExceptionOfType(Crash.class).isThrownBy(() -> server.sweep(new DyingRepository(database(), death)));
        server.staging.mend();
        server.restart();
        isExpired(upload);

        server.sweep();

        isSwept(upload);
        assertThat(server.due()).isEmpty();
    }

    private static void crash() {
        throw new Crash();
    }

    @Test
    void sweep_crashedDelete_removesWhatItLeft() throws IOException {
        Upload upload = server.append(server.create(), "abc");
        server.uploads.terminate(upload);
        assertThat(server.isStaged(upload)).isTrue();

        server.sweep();

        assertThat(server.isStaged(upload)).isFalse();
        assertThat(server.state(upload)).isEqualTo(UploadState.TERMINATED);
        assertThat(server.due()).isEmpty();
        assertThat(server.lookup.find(ANYBODY, upload.id())).isEmpty();
    }

    @Test
    void sweep_oneUploadFails_endsTheOthersAndComesBack() throws IOException {
        Upload stuck = server.create();
        Upload defect = server.create();
        Upload other = server.create();
        server.clock.pass(EXPIRE_AFTER);
        server.staging.beforeDelete = id -> {
            if (id.equals(stuck.id())) {
                throw new IOException("Input/output error");
            }
            if (id.equals(defect.id())) {
                throw new IllegalStateException("unexpected");
            }
        };

        assertThat(server.sweep()).isFalse();

        isSwept(other);
        assertThat(server.isStaged(stuck)).isTrue();
        server.staging.mend();
        server.clock.pass(LOOK_AGAIN);
        server.sweep();
        isSwept(stuck);
        isSwept(defect);
    }

    @Test
    void sweep_deliveryAboutToComplete_leavesTheUploadForLater() throws IOException {
        Upload upload = server.create();
        server.clock.pass(EXPIRE_AFTER);
        server.queue.completing = true;

        server.sweep();

        assertThat(server.state(upload)).isEqualTo(UploadState.RECEIVING);
        server.queue.completing = false;
        server.clock.pass(LOOK_AGAIN);
        server.sweep();
        isSwept(upload);
    }

    /** Another process on the same database may be receiving its bytes at this moment. */
    @Test
    void sweep_anotherVolume_isNobodysBusinessHere() throws IOException {
        Upload mine = server.create();
        Upload absent = server.uploads.create(elsewhere(mine));
        server.clock.pass(EXPIRE_AFTER.multipliedBy(2));

        server.sweep();

        assertThat(server.state(absent)).isEqualTo(UploadState.RECEIVING);
        assertThatExceptionOfType(VolumeAbsentException.class)
                .isThrownBy(() -> server.lookup.findCurrent(ANYBODY, absent.id()));
        assertThatExceptionOfType(VolumeAbsentException.class)
                .isThrownBy(() -> server.appender.open(ANYBODY, absent.id()));
        isSwept(mine);
    }

    private static Upload elsewhere(Upload like) {
        return UploadBuilder.upload()
                .owner("")
                .kind(like.kind())
                .length(10L)
                .createdAt(like.createdAt())
                .volume(UUID.randomUUID().toString())
                .build();
    }

    @Test
    void sweep_toldToStop_stopsBetweenTwoUploads() throws IOException {
        Upload upload = server.create();
        server.clock.pass(EXPIRE_AFTER);

        new ExpirySweep(
                        server.uploads,
                        server.expiries,
                        server.expiry(),
                        server.staging,
                        server.leases,
                        server.queue,
                        server.retention(server.expiries),
                        LOOK_AGAIN,
                        server.metrics,
                        server.clock)
                .run(() -> true);

        assertThat(server.state(upload)).isEqualTo(UploadState.RECEIVING);
    }

    @Test
    void sweep_moreThanOneBatch_endsAll() throws IOException {
        List<Upload> all = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            all.add(server.create());
        }
        server.clock.pass(EXPIRE_AFTER);

        assertThat(server.sweep()).isFalse();

        assertThat(all).allSatisfy(upload -> assertThat(server.state(upload)).isEqualTo(UploadState.EXPIRED));
    }

    @Test
    void sweep_moreThanOneRun_saysThatThereIsMore() {
        Instant now = server.clock.instant();
        database().committer().commit(() -> {
            for (int i = 0; i < 1_001; i++) {
                Upload gone = server.uploads.create(tombstone(now));
                server.uploads.terminate(gone);
            }
            return 1_001;
        });

        assertThat(server.sweep()).isTrue();
        assertThat(server.due()).hasSize(1);
        assertThat(server.sweep()).isFalse();
        assertThat(server.due()).isEmpty();
    }

    private boolean isForgotten(Upload upload) {
        return server.uploads.find(upload.id()).isEmpty();
    }

    @Test
    void sweep_tombstone_goesWhenItsTimeIsOver() throws IOException {
        Upload expired = server.append(server.create(), "abc");
        server.clock.pass(EXPIRE_AFTER);
        server.sweep();
        Upload terminated = server.create();
        server.uploads.terminate(terminated);
        server.sweep();

        server.clock.pass(KEEP_TOMBSTONES.minus(MOMENT));
        server.sweep();
        isSwept(expired);
        assertThat(server.state(terminated)).isEqualTo(UploadState.TERMINATED);

        server.clock.pass(MOMENT);
        server.sweep();

        assertThat(isForgotten(expired)).isTrue();
        assertThat(isForgotten(terminated)).isTrue();
        assertThat(server.lookup.find(ANYBODY, expired.id())).isEmpty();
    }

    @Test
    void sweep_deliveredUpload_isKeptForEverUnlessToldOtherwise() throws IOException {
        Upload upload = server.append(server.create(), "0123456789");
        server.move(upload, UploadState.FINISHED, UploadState.DELIVERED);
        server.sweep();
        assertThat(server.due()).isEmpty();
        server.clock.pass(Duration.ofDays(3650));
        server.sweep();
        assertThat(server.state(upload)).isEqualTo(UploadState.DELIVERED);

        server.keepDelivered = Duration.ofDays(90);
        server.clock.pass(Duration.ofDays(30));
        server.sweep();

        assertThat(isForgotten(upload)).isTrue();
    }

    @Test
    void sweep_deliveredUpload_goesWhenItsTimeIsOver() throws IOException {
        server.keepDelivered = Duration.ofDays(90);
        Upload upload = server.append(server.create(), "0123456789");
        server.clock.pass(Duration.ofDays(50));
        server.move(upload, UploadState.FINISHED, UploadState.DELIVERED);
        server.sweep();

        server.clock.pass(Duration.ofDays(90).minus(MOMENT));
        server.sweep();
        assertThat(server.state(upload)).isEqualTo(UploadState.DELIVERED);
        server.clock.pass(MOMENT);
        server.sweep();

        assertThat(isForgotten(upload)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"FINISHED", "FAILED"})
    void sweep_uploadThatIsNotDelivered_neverGoes(UploadState state) throws IOException {
        server.keepDelivered = Duration.ofDays(1);
        Upload upload = server.append(server.create(), "0123456789");
        if (state == UploadState.FAILED) {
            server.move(upload, UploadState.FINISHED, state);
        }
        for (int i = 0; i < 3; i++) {
            server.clock.pass(Duration.ofDays(3650));
            server.sweep();
        }

        assertThat(server.state(upload)).isEqualTo(state);
        assertThat(server.isStaged(upload)).isTrue();
    }

    @Test
    void sweep_rowThatADeliveryStillNeeds_isLookedAtAgain() throws IOException {
        server.keepDelivered = Duration.ofDays(1);
        Upload upload = server.append(server.create(), "0123456789");
        server.move(upload, UploadState.FINISHED, UploadState.DELIVERED);
        server.queue.remembered.add(upload.id());
        server.clock.pass(Duration.ofDays(1));
        server.sweep();
        assertThat(server.state(upload)).isEqualTo(UploadState.DELIVERED);
        assertThat(server.due()).isEmpty();

        server.queue.remembered.clear();
        server.clock.pass(LOOK_AGAIN);
        server.sweep();

        assertThat(isForgotten(upload)).isTrue();
    }

    @Test
    void sweep_rowOfAnotherVolume_staysWhateverItsAge() {
        server.keepDelivered = Duration.ofDays(1);
        Upload foreign = server.uploads.create(tombstone(server.clock.instant(), "another"));
        server.uploads.terminate(foreign);
        server.clock.pass(Duration.ofDays(3650));

        server.sweep();

        assertThat(isForgotten(foreign)).isFalse();
    }

    private Upload tombstone(Instant now) {
        return tombstone(now, server.staging.volume());
    }

    private static Upload tombstone(Instant now, String volume) {
        return UploadBuilder.upload()
                .owner("")
                .length(10L)
                .createdAt(now)
                .volume(volume)
                .build();
    }

    @Test
    void sweep_costsOneStatementWhenNothingIsDue_andAFewForEachUpload() throws IOException {
        for (int i = 0; i < 20; i++) {
            server.create();
            server.append(server.create(), "0123456789");
        }
        assertThat(statementsOfASweep()).isEqualTo(1);
        server.clock.pass(EXPIRE_AFTER.minus(Duration.ofSeconds(1)));
        server.append(server.create(), "0");
        assertThat(statementsOfASweep()).isEqualTo(1);

        server.clock.pass(Duration.ofSeconds(1));

        assertThat(statementsOfASweep()).isEqualTo(1 + 20 * 3);
        assertThat(statementsOfASweep()).isEqualTo(1);
    }

    @Test
    void sweep_ofUploadsThatExpireLater_costsOneStatementEach() throws IOException {
        List<Upload> all = List.of(server.create(), server.create(), server.create());
        server.clock.pass(Duration.ofHours(1));
        for (Upload upload : all) {
            server.append(upload, "x");
        }
        server.clock.pass(EXPIRE_AFTER.minus(Duration.ofHours(1)));

        assertThat(statementsOfASweep()).isEqualTo(1 + 3);
        assertThat(statementsOfASweep()).isEqualTo(1);
    }

    private int statementsOfASweep() {
        tap().clear();
        server.sweep();
        return tap().statements().size();
    }

    @Test
    void find_costsMoreThanOneStatementForAPartialOnlyWhoseTimeIsOver() throws IOException {
        Upload partial = server.create(UploadKind.PARTIAL, 10);
        server.makeFinal(UploadState.FAILED, partial);
        tap().clear();
        assertThat(server.lookup.find(ANYBODY, partial.id())).isPresent();
        assertThat(tap().statements()).hasSize(1);

        server.clock.pass(EXPIRE_AFTER);

        tap().clear();
        assertThat(server.lookup.find(ANYBODY, partial.id())).isPresent();
        assertThat(tap().statements()).hasSize(2);
    }

    @Test
    void partial_finishedAndInNoFinal_goesAsAnUnfinishedOne() throws IOException {
        Upload partial = server.append(server.create(UploadKind.PARTIAL, 10), "0123456789");
        server.clock.pass(EXPIRE_AFTER.minus(MOMENT));
        server.sweep();
        isKept(partial);

        server.clock.pass(MOMENT);
        isExpired(partial);
        server.sweep();

        isSwept(partial);
    }

    @ParameterizedTest
    @EnumSource(names = {"FINISHED", "FAILED"})
    void partial_ofAnUndeliveredFinal_staysUntilItIsDelivered(UploadState state) throws IOException {
        Upload partial = server.append(server.create(UploadKind.PARTIAL, 10), "0123456789");
        Upload made = server.makeFinal(state, partial);
        server.clock.pass(EXPIRE_AFTER.multipliedBy(5));
        server.sweep();
        isKept(partial);
        assertThat(server.isStaged(partial)).isTrue();
        assertThat(server.due()).as("not looked at all the time").isEmpty();

        server.move(made, state, UploadState.DELIVERED);
        isExpired(partial);
        server.clock.pass(LOOK_AGAIN);
        server.sweep();

        isSwept(partial);
        isKept(made);
    }

    @Test
    void final_unfinished_livesWhileOneOfItsPartialsGetsBytes() throws IOException {
        Upload first = server.append(server.create(UploadKind.PARTIAL, 10), "0123456789");
        Upload second = server.create(UploadKind.PARTIAL, 10);
        Upload made = server.makeFinal(UploadState.RECEIVING, first, second);
        for (int i = 0; i < 4; i++) {
            server.clock.pass(EXPIRE_AFTER.minus(Duration.ofHours(2)));
            server.append(second, "x");
            server.sweep();
            assertThat(server.lookup.find(ANYBODY, made.id())).isPresent();
            isKept(first);
        }

        server.clock.pass(EXPIRE_AFTER);

        isExpired(made);
        isExpired(first);
        isExpired(second);
    }

    @Test
    void sweep_unfinishedFinal_goesBeforeItsPartials() throws IOException {
        Upload partial = server.append(server.create(UploadKind.PARTIAL, 10), "0123456789");
        server.clock.pass(Duration.ofMinutes(30));
        Upload made = server.makeFinal(UploadState.RECEIVING, partial);
        server.clock.pass(EXPIRE_AFTER.minus(Duration.ofMinutes(30)));

        server.sweep();
        isKept(partial);
        assertThat(server.lookup.find(ANYBODY, made.id())).isPresent();
        server.clock.pass(Duration.ofMinutes(30));
        server.sweep();
        assertThat(server.state(made)).isEqualTo(UploadState.EXPIRED);
        assertThat(server.state(partial)).isEqualTo(UploadState.FINISHED);
        server.clock.pass(LOOK_AGAIN);
        server.sweep();

        isSwept(partial);
        isExpired(made);
        assertThat(server.due()).isEmpty();
    }

    @Test
    void final_whileOneOfItsPartialsIsWrittenTo_isNotExpired() throws IOException {
        Upload partial = server.create(UploadKind.PARTIAL, 10);
        Upload made = server.makeFinal(UploadState.RECEIVING, partial);
        try (AppendSession session = server.appender.open(ANYBODY, partial.id())) {
            server.clock.pass(EXPIRE_AFTER.multipliedBy(2));
            server.sweep();
            assertThat(server.lookup.find(ANYBODY, made.id())).isPresent();
            assertThat(server.state(made)).isEqualTo(UploadState.RECEIVING);
            session.receive(new Text("abc"), 10, Checksums.none());
        }

        assertThat(server.lookup.find(ANYBODY, made.id())).isPresent();
        isKept(partial);
    }

    @Test
    void concatenate_partialThatHasExpired_isAnsweredAsOneThatIsNotThere() throws IOException {
        Upload partial = server.create(UploadKind.PARTIAL, 10);
        Upload kept = server.create(UploadKind.PARTIAL, 10);
        server.concatenate(partial, kept);
        server.makeFinal(UploadState.FAILED, kept);
        server.clock.pass(EXPIRE_AFTER);

        assertThatExceptionOfType(PartialUnusableException.class).isThrownBy(() -> server.concatenate(partial));

        assertThat(server.lookup.find(ANYBODY, server.concatenate(kept).id())).isPresent();
    }

    /** Over the real use-cases: the last partial finishes the final, which then keeps them both. */
    @Test
    void concatenate_ofPartialsThatAreFinishedLater_keepsThemUntilItIsDelivered() throws IOException {
        Upload first = server.append(server.create(UploadKind.PARTIAL, 10), "0123456789");
        Upload second = server.create(UploadKind.PARTIAL, 3);
        Upload made = server.concatenate(first, second);
        assertThat(made.expiresAt()).isNotNull();
        server.clock.pass(EXPIRE_AFTER.minus(Duration.ofSeconds(1)));
        server.append(second, "abc");
        assertThat(server.state(made)).isEqualTo(UploadState.FINISHED);

        server.clock.pass(EXPIRE_AFTER.multipliedBy(3));
        server.sweep();

        isKept(first);
        isKept(second);
        server.move(made, UploadState.FINISHED, UploadState.DELIVERED);
        server.clock.pass(LOOK_AGAIN);
        server.sweep();
        isSwept(first);
        isSwept(second);
        assertThat(server.lookup.find(ANYBODY, made.id())).isPresent();
        assertThat(server.due()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        Awaitility.await().until(() -> latch.getCount() == 0);
    }

    /** The rows of a process that dies around the change of one. */
    private static final class DyingRepository extends ExpiryRepository {

        private final Death death;

        DyingRepository(TestDatabase database, Death death) {
            super(database.jdbc(), database.committer(), UploadListeners.of());
            this.death = death;
        }

        @Override
        public Outcome expire(Upload known, Instant now) {
            if (death == Death.BEFORE_THE_ROW) {
                throw new Crash();
            }
            Outcome outcome = super.expire(known, now);
            if (death == Death.AFTER_THE_ROW) {
                throw new Crash();
            }
            return outcome;
        }
    }

    /** A body of unknown length that comes when the test says so; {@link #send} returns when it was taken up. */
    private static final class Trickle implements ChunkSource, AutoCloseable {

        private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        private volatile int reads;
        private volatile boolean waiting;

        void send(String piece) {
            int before = reads;
            pieces.add(piece);
            Awaitility.await().until(() -> reads > before);
        }

        /** The body's end; also for a test that has failed, which would else wait for its reader. */
        @Override
        public void close() {
            pieces.add("");
        }

        void awaitReader() {
            Awaitility.await().until(() -> waiting);
        }

        @Override
        public int read(ByteBuffer target) {
            try {
                waiting = true;
                String piece = pieces.take();
                reads++;
                return piece.isEmpty() ? -1 : new Text(piece).read(target);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long announcedBytes() {
            return -1;
        }
    }
}
