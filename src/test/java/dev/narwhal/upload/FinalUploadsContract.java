package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.database.TestPools;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the repository promises about finals and their partials on every database, also when several of them move at the same
 * moment. The races run through the database's own committer, and once more with a transaction and a connection for each
 * call, as PostgreSQL has it and several nodes would.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class FinalUploadsContract {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.654321Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final long LARGEST = 1000;
    private static final int ROUNDS = 150;

    private RecordingDeliveries deliveries;
    private UploadRepository uploads;

    abstract TestDatabase database();

    @BeforeEach
    void wire() {
        deliveries = new RecordingDeliveries(database().jdbc());
        uploads = database().repository(database().committer(), deliveries, CLOCK, LARGEST);
    }

    /** Whose transactions meet each other. */
    private UploadRepository uploads(boolean ownTransactions) {
        return ownTransactions
                ? database()
                        .repository(TestPools.committingAtOnce(database().transactions()), deliveries, CLOCK, LARGEST)
                : uploads;
    }

    private Upload partial(@Nullable Long length) {
        boolean empty = length != null && length == 0;
        return uploads.create(upload().kind(UploadKind.PARTIAL)
                .length(length)
                .state(empty ? UploadState.FINISHED : UploadState.RECEIVING)
                .build());
    }

    private Upload finished(long length) {
        Upload partial = partial(length);
        return length == 0 ? partial : uploads.advance(partial, length, 1).orElseThrow();
    }

    private Upload concatenated(Upload... partials) {
        return concatenate(uploads, List.of(partials));
    }

    private static Upload concatenate(UploadRepository through, List<Upload> partials) {
        Upload draft = upload().kind(UploadKind.FINAL).length(null).build();
        List<UploadId> ids = partials.stream().map(Upload::id).toList();
        return through.createFinal(draft.id(), Sight.ofOwner(draft.owner()), ids, rows -> assembled(draft, ids, rows));
    }

    private static Upload assembled(Upload draft, List<UploadId> ids, Map<UploadId, Upload> rows) {
        long total = 0;
        boolean known = true;
        boolean complete = true;
        for (UploadId id : ids) {
            Upload row = rows.get(id);
            if (row == null || !row.state().isLive()) {
                throw new MissingException();
            }
            known &= row.length() != null;
            total += row.length() == null ? 0 : row.length();
            complete &= row.state() == UploadState.FINISHED;
        }
        return draft.assembled(known ? total : null, complete, NOW);
    }

    private Upload found(Upload upload) {
        return uploads.find(upload.id()).orElseThrow();
    }

    private void assertComplete(Upload whole, long length) {
        Upload row = found(whole);
        assertThat(row.state()).isEqualTo(UploadState.FINISHED);
        assertThat(row.length()).isEqualTo(length);
        assertThat(row.offset()).isEqualTo(length);
        assertThat(row.finishedAt()).isEqualTo(NOW);
        assertThat(row.expiresAt()).isNull();
        assertThat(deliveries.queued(whole.id())).isEqualTo(1);
    }

    @Test
    void createFinal_ofFinishedPartials_isFinishedAndQueued() {
        Upload first = finished(3);
        Upload second = finished(0);

        Upload whole = concatenated(first, second, first);

        assertComplete(whole, 6);
        assertThat(found(whole)).isEqualTo(whole);
        assertThat(uploads.partials(whole.id())).containsExactly(found(first), found(second), found(first));
        assertThat(deliveries.queued(first.id())).isZero();
        assertThat(deliveries.wakes()).isPositive();
    }

    @Test
    void createFinal_ofAStrangersPartial_doesNotFindIt() {
        Upload own = finished(3);
        Upload other = uploads.create(
                upload().kind(UploadKind.PARTIAL).owner("somebody else").build());
        Upload draft = upload().kind(UploadKind.FINAL).build();
        List<UploadId> ids = List.of(own.id(), other.id());

        assertThatExceptionOfType(MissingException.class)
                .isThrownBy(() -> uploads.createFinal(draft.id(), Sight.ofOwner(draft.owner()), ids, rows -> {
                    assertThat(rows).containsOnlyKeys(own.id());
                    return assembled(draft, ids, rows);
                }));
    }

    @Test
    void createFinal_ofUnfinishedPartials_knowsItsLengthAndWaits() {
        Upload whole = concatenated(finished(3), partial(4L));

        assertThat(found(whole)).isEqualTo(whole);
        assertThat(whole.state()).isEqualTo(UploadState.RECEIVING);
        assertThat(whole.length()).isEqualTo(7);
        assertThat(whole.offset()).isZero();
        assertThat(whole.expiresAt()).isEqualTo(UploadStatesContract.EXPIRY);
        assertThat(deliveries.queued(whole.id())).isZero();
    }

    @Test
    void createFinal_refused_leavesNothing() {
        Upload partial = finished(3);
        Upload draft = upload().kind(UploadKind.FINAL).build();

        assertThatExceptionOfType(MissingException.class)
                .isThrownBy(() ->
                        uploads.createFinal(draft.id(), Sight.ofOwner(draft.owner()), List.of(partial.id()), rows -> {
                            throw new MissingException();
                        }));

        assertThat(uploads.find(draft.id())).isEmpty();
        assertThat(uploads.partials(draft.id())).isEmpty();
    }

    @Test
    void createFinal_queueFails_leavesNothing() {
        Upload partial = finished(3);
        IllegalStateException failure = new IllegalStateException("no room in the queue");
        deliveries.failWith(failure);
        Upload draft = upload().kind(UploadKind.FINAL).length(null).build();
        List<UploadId> ids = List.of(partial.id());

        assertThatThrownBy(() -> uploads.createFinal(
                        draft.id(), Sight.ofOwner(draft.owner()), ids, rows -> assembled(draft, ids, rows)))
                .isSameAs(failure);

        assertThat(uploads.find(draft.id())).isEmpty();
        assertThat(uploads.partials(draft.id())).isEmpty();
        assertThat(uploads.isNeeded(partial.id())).isFalse();
    }

    @Test
    void createFinal_ofAsManyPartialsAsThereMayBe_keepsTheirOrder() {
        List<Upload> partials = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            partials.add(i % 3 == 2 ? partials.get(i - 1) : partial(0L));
        }
        Collections.shuffle(partials, new Random(1));

        Upload whole = concatenate(uploads, partials);

        assertThat(uploads.partials(whole.id()).stream().map(Upload::id))
                .containsExactlyElementsOf(partials.stream().map(Upload::id).toList());
        assertComplete(whole, 0);
    }

    @Test
    void advance_lastByteOfTheLastPartial_finishesEachFinalThatNamesIt() {
        Upload first = partial(3L);
        Upload second = partial(4L);
        Upload whole = concatenated(first, second);
        Upload other = concatenated(second, second);
        Upload waiting = concatenated(second, partial(1L));

        uploads.advance(first, 3, 1);
        assertThat(found(whole)).isEqualTo(whole);
        Upload half = uploads.advance(second, 2, 1).orElseThrow();
        assertThat(found(whole)).isEqualTo(whole);
        uploads.advance(half, 4, 1);

        assertComplete(whole, 7);
        assertComplete(other, 8);
        assertThat(found(waiting)).isEqualTo(waiting);
    }

    @Test
    void advance_queueFailsForAFinal_leavesThePartialUnfinished() {
        Upload partial = partial(3L);
        Upload whole = concatenated(partial);
        IllegalStateException failure = new IllegalStateException("no room in the queue");
        deliveries.failWith(failure);

        assertThatThrownBy(() -> uploads.advance(partial, 3, 1)).isSameAs(failure);

        assertThat(found(partial)).isEqualTo(partial);
        assertThat(found(whole)).isEqualTo(whole);
    }

    @Test
    void advance_ofAPartialOfATerminatedFinal_leavesTheTombstone() {
        Upload partial = partial(3L);
        Upload whole = concatenated(partial);
        assertThat(uploads.terminate(whole)).isTrue();

        uploads.advance(partial, 3, 1);

        assertThat(found(whole).state()).isEqualTo(UploadState.TERMINATED);
        assertThat(deliveries.queued(whole.id())).isZero();
    }

    @Test
    void declareLength_ofTheLastDeferredPartial_tellsTheFinalsLength() {
        Upload first = partial(null);
        Upload second = partial(null);
        Upload whole = concatenated(first, second, first);
        assertThat(whole.length()).isNull();

        Upload declared = uploads.declareLength(first, 10, 1).orElseThrow();
        assertThat(found(whole).length()).isNull();
        uploads.declareLength(second, 5, 1);
        assertThat(found(whole).length()).isEqualTo(25);
        assertThat(found(whole).state()).isEqualTo(UploadState.RECEIVING);
        uploads.advance(declared, 10, 1);
        assertThat(found(whole).state()).isEqualTo(UploadState.RECEIVING);
        uploads.advance(found(second), 5, 1);

        assertComplete(whole, 25);
    }

    @Test
    void declareLength_ofZero_finishesPartialAndFinal() {
        Upload partial = partial(null);
        Upload whole = concatenated(partial);

        uploads.declareLength(partial, 0, 1);

        assertThat(found(partial).state()).isEqualTo(UploadState.FINISHED);
        assertComplete(whole, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {LARGEST + 1, 501, Long.MAX_VALUE})
    void declareLength_thatMakesAFinalTooLarge_changesNothing(long length) {
        Upload partial = partial(null);
        Upload whole = length == 501 ? concatenated(partial, partial) : concatenated(partial, finished(1));

        assertThatExceptionOfType(FinalTooLargeException.class)
                .isThrownBy(() -> uploads.declareLength(partial, length, 1));

        assertThat(found(partial)).isEqualTo(partial);
        assertThat(found(whole)).isEqualTo(whole);
        assertThat(uploads.declareLength(partial, 10, 1)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVING", "FINISHED", "FAILED"})
    void terminate_partialOfAnUndeliveredFinal_isRefused(UploadState state) {
        Upload partial = state == UploadState.RECEIVING ? partial(3L) : finished(3);
        Upload whole = concatenated(partial);
        if (state == UploadState.FAILED) {
            moveState(whole, UploadState.FAILED);
        }

        assertThat(uploads.isNeeded(partial.id())).isTrue();
        assertThatExceptionOfType(PartialInUseException.class).isThrownBy(() -> uploads.terminate(partial));
        assertThat(found(partial)).isEqualTo(partial);
    }

    @ParameterizedTest
    @EnumSource(names = {"DELIVERED", "TERMINATED"})
    void terminate_partialOfAFinalThatNeedsItNoMore_becomesATombstone(UploadState state) {
        Upload partial = finished(3);
        moveState(concatenated(partial), state);

        assertThat(uploads.isNeeded(partial.id())).isFalse();
        assertThat(uploads.terminate(partial)).isTrue();
        assertThat(found(partial).state()).isEqualTo(UploadState.TERMINATED);
    }

    private void moveState(Upload whole, UploadState state) {
        assertThat(uploads.moveState(whole.id(), whole.state(), state, () -> true))
                .isTrue();
    }

    @Test
    void terminate_final_leavesItsPartials() {
        Upload partial = finished(3);
        Upload whole = concatenated(partial);

        assertThat(uploads.terminate(whole)).isTrue();

        assertThat(found(partial)).isEqualTo(partial);
        assertThat(uploads.isNeeded(partial.id())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void advance_allPartialsAtOnce_finishesTheFinals(boolean ownTransactions) throws Exception {
        UploadRepository racing = uploads(ownTransactions);
        for (int round = 0; round < ROUNDS; round++) {
            List<Upload> partials = List.of(partial(1L), partial(2L), partial(3L), partial(4L));
            List<Upload> reversed = partials.reversed();
            List<Upload> wholes = List.of(
                    concatenate(uploads, partials),
                    concatenate(uploads, reversed),
                    concatenate(uploads, partials.subList(1, 3)));

            Race.run(4, thread -> {
                Upload partial = partials.get(thread);
                return racing.advance(partial, thread + 1, 1).orElseThrow();
            });

            assertComplete(wholes.get(0), 10);
            assertComplete(wholes.get(1), 10);
            assertComplete(wholes.get(2), 5);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void createFinal_whileItsPartialsFinish_isFinishedAtLast(boolean ownTransactions) throws Exception {
        UploadRepository racing = uploads(ownTransactions);
        for (int round = 0; round < ROUNDS; round++) {
            List<Upload> partials = List.of(partial(1L), partial(2L));

            List<Upload> answers = Race.run(4, thread -> {
                if (thread < 2) {
                    return racing.advance(partials.get(thread), thread + 1, 1).orElseThrow();
                }
                return concatenate(racing, thread == 2 ? partials : partials.reversed());
            });

            assertComplete(answers.get(2), 3);
            assertComplete(answers.get(3), 3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void terminate_whileAFinalIsMadeOfIt_oneOfThemLoses(boolean ownTransactions) throws Exception {
        UploadRepository racing = uploads(ownTransactions);
        for (int round = 0; round < ROUNDS; round++) {
            Upload kept = finished(1);
            Upload partial = finished(2);

            List<Optional<Upload>> answers = Race.run(2, thread -> {
                try {
                    return thread == 0
                            ? Optional.of(concatenate(racing, List.of(kept, partial)))
                            : Optional.of(partial).filter(racing::terminate);
                } catch (MissingException | PartialInUseException e) {
                    return Optional.empty();
                }
            });

            boolean isMade = answers.get(0).isPresent();
            assertThat(answers.get(1).isPresent()).isNotEqualTo(isMade);
            assertThat(found(partial).state()).isEqualTo(isMade ? UploadState.FINISHED : UploadState.TERMINATED);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void terminateFinal_whileItsPartialsFinish_endsItWholly(boolean ownTransactions) throws Exception {
        UploadRepository racing = uploads(ownTransactions);
        for (int round = 0; round < ROUNDS; round++) {
            List<Upload> partials = List.of(partial(1L), partial(2L));
            Upload whole = concatenate(uploads, partials);

            List<Boolean> answers = Race.run(
                    3,
                    thread -> thread == 2
                            ? racing.terminate(whole)
                            : racing.advance(partials.get(thread), thread + 1, 1)
                                    .isPresent());

            assertThat(answers.subList(0, 2)).containsOnly(true);
            if (answers.get(2)) {
                assertThat(found(whole).state()).isEqualTo(UploadState.TERMINATED);
                assertThat(deliveries.queued(whole.id())).isZero();
            } else {
                assertComplete(whole, 3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void declareLength_twoAtOnce_neverMakeAFinalTooLarge(boolean ownTransactions) throws Exception {
        UploadRepository racing = uploads(ownTransactions);
        for (int round = 0; round < ROUNDS; round++) {
            List<Upload> partials = List.of(partial(null), partial(null));
            Upload whole = concatenate(uploads, partials);

            List<Boolean> declared = Race.run(2, thread -> {
                try {
                    return racing.declareLength(partials.get(thread), LARGEST / 2 + 1, 1)
                            .isPresent();
                } catch (FinalTooLargeException e) {
                    return false;
                }
            });

            assertThat(declared).containsExactlyInAnyOrder(true, false);
            assertThat(found(whole).length()).isNull();
        }
    }

    /** What a use-case throws when it does not want to. */
    private static final class MissingException extends RuntimeException {}
}
