package dev.narwhal.upload;

import static dev.narwhal.upload.ExpiryRepository.Outcome.EXPIRED;
import static dev.narwhal.upload.ExpiryRepository.Outcome.KEPT;
import static dev.narwhal.upload.ExpiryRepository.Outcome.MOVED;
import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the rows promise about uploads that nobody goes on with, on every database. */
abstract class ExpiryRepositoryContract {

    static final Duration EXPIRE_AFTER = TestDatabase.EXPIRE_AFTER;
    private static final Duration MOMENT = Duration.ofNanos(1_000);

    final SettableClock clock = new SettableClock();
    /** Each test's own, so that it finds no other test's rows. */
    final String volume = UUID.randomUUID().toString();

    @SuppressWarnings("NullAway.Init")
    UploadRepository uploads;

    @SuppressWarnings("NullAway.Init")
    ExpiryRepository expiries;

    abstract TestDatabase database();

    @BeforeEach
    void wire() {
        uploads = database().repository(new RecordingDeliveries(database().jdbc()), clock);
        expiries = database().expiries();
    }

    final Upload created(UploadBuilder upload) {
        return uploads.create(upload.volume(volume).build());
    }

    final Upload found(Upload upload) {
        return uploads.find(upload.id()).orElseThrow();
    }

    final @Nullable Instant sweepAt(Upload upload) {
        OffsetDateTime time = database()
                .jdbc()
                .sql("select sweep_at from upload where id = :id")
                .param("id", upload.id().value())
                .query((row, number) -> row.getObject(1, OffsetDateTime.class))
                .list()
                .getFirst();
        return time == null ? null : time.toInstant();
    }

    private List<UploadId> due() {
        return expiries.due(volume, clock.instant(), 100).stream()
                .map(Upload::id)
                .toList();
    }

    @Test
    void delivered_isDueAtTheEndOfItsRetention() {
        Upload known = created(upload().offset(100).state(UploadState.FINISHED));
        UploadRepository retaining = new UploadRepository(
                database().jdbc(),
                database().committer(),
                UploadListeners.of(),
                Duration.ofHours(1),
                Long.MAX_VALUE,
                RowFence.NONE,
                Duration.ofDays(3),
                clock);

        assertThat(retaining.moveState(known.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true))
                .isTrue();

        assertThat(sweepAt(known)).isEqualTo(found(known).updatedAt().plus(Duration.ofDays(3)));
        assertThat(due()).doesNotContain(known.id());
    }

    @Test
    void delivered_keptForEver_isDueOnlyOnceAdopted() {
        List<Upload> known = List.of(
                created(upload().offset(100).state(UploadState.FINISHED)),
                created(upload().offset(100).state(UploadState.FINISHED)));
        Upload open = created(upload().offset(100).state(UploadState.FINISHED));
        assertThat(uploads.moveStates(known, UploadState.DELIVERED, () -> true)).isTrue();
        assertThat(known).allSatisfy(one -> assertThat(sweepAt(one)).isNull());

        List<UploadId> ids = known.stream()
                .map(Upload::id)
                .sorted(Comparator.comparing(UploadId::value))
                .toList();
        assertThat(expiries.adoptDelivered("another", null, clock.instant(), 1)).isEmpty();
        assertThat(expiries.adoptDelivered(volume, null, clock.instant(), 1)).hasValue(ids.getFirst());
        assertThat(expiries.adoptDelivered(volume, ids.getFirst(), clock.instant(), 2))
                .hasValue(ids.getLast());
        assertThat(expiries.adoptDelivered(volume, ids.getLast(), clock.instant(), 2))
                .isEmpty();

        assertThat(due())
                .containsExactlyInAnyOrderElementsOf(
                        known.stream().map(Upload::id).toList());
        assertThat(sweepAt(open)).isNull();
    }

    private static void makeOf(TestDatabase database, Upload finalUpload, Upload... partials) {
        for (int i = 0; i < partials.length; i++) {
            database.jdbc()
                    .sql("insert into upload_part (final_id, position, partial_id) values (:f, :position, :p)")
                    .param("f", finalUpload.id().value())
                    .param("position", i)
                    .param("p", partials[i].id().value())
                    .update();
        }
    }

    private Upload finalIn(UploadState state, Upload... partials) {
        boolean complete = state.isComplete();
        Upload made = created(upload().kind(UploadKind.FINAL)
                .length(100L)
                .offset(complete ? 100 : 0)
                .state(state));
        makeOf(database(), made, partials);
        return made;
    }

    @Test
    void due_unfinished_fromItsExpiryOn() {
        Upload upload = created(upload());

        clock.pass(EXPIRE_AFTER.minus(MOMENT));
        assertThat(due()).isEmpty();
        clock.pass(MOMENT);
        assertThat(due()).containsExactly(upload.id());
        assertThat(expiries.due(volume, clock.instant(), 100)).containsExactly(found(upload));
    }

    @Test
    void due_anotherVolume_isNotTold() {
        created(upload());
        clock.pass(EXPIRE_AFTER);

        assertThat(expiries.due("another", clock.instant(), 100)).isEmpty();
    }

    @Test
    void due_manyUploads_theLongestDueFirstAndNoMoreThanAsked() {
        Upload first = created(upload());
        clock.pass(Duration.ofSeconds(1));
        Upload second = created(upload());
        clock.pass(Duration.ofSeconds(1));
        created(upload());
        clock.pass(EXPIRE_AFTER);

        assertThat(expiries.due(volume, clock.instant(), 2))
                .extracting(Upload::id)
                .containsExactly(first.id(), second.id());
    }

    @Test
    void advance_movesTheExpiryAndNotTheLook() {
        Upload upload = created(upload());
        clock.pass(Duration.ofHours(1));
        Upload moved = uploads.advance(upload, 10, 1).orElseThrow();

        assertThat(sweepAt(upload)).isEqualTo(upload.expiresAt());
        assertThat(moved.expiresAt()).isEqualTo(clock.instant().plus(EXPIRE_AFTER));
    }

    @Test
    void advance_toTheLength_isNeverLookedAtAgain() {
        Upload upload = created(upload());
        uploads.advance(upload, 100, 1);

        assertThat(sweepAt(upload)).isNull();
        assertThat(sweepAt(created(upload().length(0L).state(UploadState.FINISHED))))
                .isNull();
    }

    @Test
    void advance_ofAPartialToItsLength_isStillLookedAt() {
        Upload upload = created(upload().kind(UploadKind.PARTIAL));
        Upload finished = uploads.advance(upload, 100, 1).orElseThrow();

        assertThat(finished.state()).isEqualTo(UploadState.FINISHED);
        assertThat(sweepAt(upload)).isEqualTo(upload.expiresAt());
    }

    @Test
    void moveState_isNeverLookedAtAgain() {
        Upload upload = created(upload().kind(UploadKind.PARTIAL).offset(100).state(UploadState.FINISHED));
        assertThat(sweepAt(upload)).isNotNull();

        assertThat(uploads.moveState(upload.id(), UploadState.FINISHED, UploadState.FAILED, () -> true))
                .isTrue();

        assertThat(sweepAt(upload)).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVING", "DELIVERED"})
    void terminate_isLookedAtOnce_forWhatACrashMayLeave(UploadState state) {
        Upload upload = created(upload().offset(state.isComplete() ? 100 : 0).state(state));
        uploads.terminate(upload);

        assertThat(due()).containsExactly(upload.id());
        expiries.forget(upload.id());
        clock.pass(EXPIRE_AFTER.multipliedBy(10));
        assertThat(due()).isEmpty();
    }

    @Test
    void create_whereNothingExpires_isNeverDueUntilAByteComesThatIsToldATime() {
        UploadRepository keeping = database()
                .repository(
                        database().committer(),
                        new RecordingDeliveries(database().jdbc()),
                        Duration.ZERO,
                        clock);
        Upload kept = keeping.create(upload().volume(volume).build());
        Upload moved = keeping.advance(kept, 10, 1).orElseThrow();

        assertThat(moved.expiresAt()).isNull();
        assertThat(found(kept).expiresAt()).isNull();
        assertThat(sweepAt(kept)).isNull();
        Upload told = uploads.advance(moved, 20, 2).orElseThrow();
        assertThat(sweepAt(kept)).isEqualTo(told.expiresAt()).isNotNull();
        keeping.advance(told, 30, 3);
        assertThat(sweepAt(kept)).isNull();
    }

    @Test
    void lookAgain_earlierThanSet_changesNothing() {
        Upload upload = created(upload());
        Instant set = upload.createdAt().plus(EXPIRE_AFTER.multipliedBy(9));

        expiries.lookAgain(upload.id(), set);
        expiries.lookAgain(upload.id(), set.minusSeconds(1));
        assertThat(sweepAt(upload)).isEqualTo(set);
        expiries.forget(upload.id());
        expiries.lookAgain(upload.id(), set.plusSeconds(1));
        assertThat(sweepAt(upload)).isNull();
    }

    @Test
    void expire_whoseTimeIsOver_isATombstoneAndStillDue() {
        Upload upload = created(upload().offset(7));
        clock.pass(EXPIRE_AFTER);

        assertThat(expiries.expire(upload, clock.instant())).isEqualTo(EXPIRED);

        Upload tombstone = found(upload);
        assertThat(tombstone.state()).isEqualTo(UploadState.EXPIRED);
        assertThat(tombstone.updatedAt()).isEqualTo(clock.instant());
        assertThat(tombstone.expiresAt()).isNull();
        assertThat(tombstone.offset()).isEqualTo(7);
        assertThat(due()).containsExactly(upload.id());
        assertThat(expiries.expire(upload, clock.instant())).isEqualTo(MOVED);
    }

    @Test
    void expire_beforeItsTime_changesNothing() {
        Upload upload = created(upload());
        clock.pass(EXPIRE_AFTER.minus(MOMENT));

        assertThat(expiries.expire(upload, clock.instant())).isEqualTo(MOVED);
        assertThat(found(upload)).isEqualTo(upload);
    }

    @Test
    void expire_afterAnAdvance_changesNothing() {
        Upload upload = created(upload());
        clock.pass(EXPIRE_AFTER);
        Upload moved = uploads.advance(upload, 10, 1).orElseThrow();

        assertThat(expiries.expire(upload, clock.instant())).isEqualTo(MOVED);
        assertThat(expiries.expire(moved, clock.instant())).isEqualTo(MOVED);
        assertThat(found(upload)).isEqualTo(moved);
    }

    @Test
    void advance_afterExpiry_changesNothing() {
        Upload upload = created(upload());
        clock.pass(EXPIRE_AFTER);
        expiries.expire(upload, clock.instant());

        assertThat(uploads.advance(upload, 100, 1)).isEmpty();
        assertThat(uploads.terminate(upload)).isFalse();
        assertThat(found(upload).state()).isEqualTo(UploadState.EXPIRED);
    }

    @Test
    void expire_finishedMeanwhile_changesNothing() {
        Upload upload = created(upload());
        clock.pass(EXPIRE_AFTER);
        Upload finished = uploads.advance(upload, 100, 1).orElseThrow();

        assertThat(expiries.expire(upload, clock.instant())).isEqualTo(MOVED);
        assertThat(expiries.expire(finished, clock.instant())).isEqualTo(MOVED);
        assertThat(found(upload)).isEqualTo(finished);
    }

    @Test
    void expire_racesAnAdvance_oneOfThemWins() throws Exception {
        for (int round = 0; round < 20; round++) {
            Upload known = created(upload());
            clock.pass(EXPIRE_AFTER);

            List<Boolean> won = Race.run(
                    2,
                    thread -> thread == 0
                            ? expiries.expire(known, clock.instant()) == EXPIRED
                            : uploads.advance(known, 50, 1).isPresent());

            assertThat(won).containsExactlyInAnyOrder(true, false);
            boolean expired = won.getFirst();
            assertThat(found(known).state()).isEqualTo(expired ? UploadState.EXPIRED : UploadState.RECEIVING);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVING", "FINISHED", "FAILED"})
    void expire_partialOfAnUndeliveredFinal_isKept(UploadState state) {
        Upload partial = created(upload().kind(UploadKind.PARTIAL));
        Upload needing = finalIn(state, partial);
        clock.pass(EXPIRE_AFTER);

        assertThat(expiries.expire(partial, clock.instant())).isEqualTo(KEPT);
        assertThat(found(partial)).isEqualTo(partial);
        assertThat(expiries.finalsOf(partial.id())).containsExactly(found(needing));
    }

    @ParameterizedTest
    @EnumSource(names = {"DELIVERED", "EXPIRED", "TERMINATED"})
    void expire_partialThatNoFinalNeedsAnyMore_isATombstone(UploadState state) {
        Upload partial = created(upload().kind(UploadKind.PARTIAL));
        Upload finished = uploads.advance(partial, 100, 1).orElseThrow();
        finalIn(state, partial);
        clock.pass(EXPIRE_AFTER);

        assertThat(expiries.finalsOf(partial.id())).isEmpty();
        assertThat(expiries.expire(finished, clock.instant())).isEqualTo(EXPIRED);
        assertThat(found(partial).state()).isEqualTo(UploadState.EXPIRED);
    }

    @Test
    void expire_partialOfTwoFinals_isKeptByEither() {
        Upload partial = created(upload().kind(UploadKind.PARTIAL));
        finalIn(UploadState.DELIVERED, partial);
        finalIn(UploadState.FAILED, partial);
        clock.pass(EXPIRE_AFTER);

        assertThat(expiries.expire(partial, clock.instant())).isEqualTo(KEPT);
    }

    /** Both look before they leap; without the lock each could miss the other. */
    @Test
    void expire_racesTheCreationOfAFinal_oneOfThemSeesTheOther() throws Exception {
        for (int round = 0; round < 20; round++) {
            Upload partial = created(upload().kind(UploadKind.PARTIAL));
            clock.pass(EXPIRE_AFTER);

            List<Boolean> won = Race.run(
                    2,
                    thread -> thread == 0 ? expiries.expire(partial, clock.instant()) == EXPIRED : isMadeOf(partial));

            assertThat(won).containsExactlyInAnyOrder(true, false);
        }
    }

    private boolean isMadeOf(Upload partial) {
        Upload made = upload().kind(UploadKind.FINAL).volume(volume).build();
        try {
            uploads.createFinal(made.id(), Sight.ofOwner(made.owner()), List.of(partial.id()), rows -> {
                Upload row = rows.get(partial.id());
                if (row == null || row.state() != UploadState.RECEIVING) {
                    throw new IllegalStateException("the partial is gone");
                }
                return made;
            });
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
