package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.database.CommitOutcomeUnknownException;
import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the repository promises about states, and about commits whose outcome is unknown, on every database. */
abstract class UploadStatesContract {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00.654321Z");
    static final Clock CLOCK = Clock.fixed(NOW.plusNanos(789), ZoneOffset.UTC);

    /** A whole second: what is told to a client is what happens. */
    static final Instant EXPIRY = Instant.parse("2026-03-02T12:00:01Z");

    @SuppressWarnings("NullAway.Init")
    RecordingDeliveries deliveries;

    @SuppressWarnings("NullAway.Init")
    UploadRepository uploads;

    abstract TestDatabase database();

    @BeforeEach
    void wire() {
        deliveries = new RecordingDeliveries(database().jdbc());
        uploads = database().repository(deliveries, CLOCK);
    }

    final Upload created(UploadBuilder upload) {
        return uploads.create(upload.build());
    }

    final Upload found(Upload upload) {
        return uploads.find(upload.id()).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVING", "FINISHED", "DELIVERED", "FAILED"})
    void terminate_liveUpload_becomesATombstone(UploadState state) {
        Upload known = created(
                upload().offset(state == UploadState.RECEIVING ? 5 : 100).state(state));

        assertThat(uploads.terminate(known)).isTrue();

        Upload tombstone = found(known);
        assertThat(tombstone.state()).isEqualTo(UploadState.TERMINATED);
        assertThat(tombstone.expiresAt()).isNull();
        assertThat(tombstone.updatedAt()).isEqualTo(NOW);
        assertThat(tombstone.offset()).isEqualTo(known.offset());
    }

    @Test
    void terminate_stateMovedMeanwhile_isFalse() {
        Upload known = created(upload());
        Upload finished = uploads.advance(known, 100, 1).orElseThrow();

        assertThat(uploads.terminate(known)).isFalse();
        assertThat(found(known)).isEqualTo(finished);
    }

    @Test
    void terminate_tombstone_isFalse() {
        Upload known = created(upload());
        uploads.terminate(known);

        assertThat(uploads.terminate(known)).isFalse();
        assertThat(uploads.terminate(found(known))).isFalse();
    }

    @Test
    void terminate_racesTheLastAdvance_oneOfThemWins() throws Exception {
        for (int round = 0; round < 20; round++) {
            Upload known = created(upload());

            List<Boolean> won = Race.run(
                    2,
                    thread -> thread == 0
                            ? uploads.terminate(known)
                            : uploads.advance(known, 100, 1).isPresent());

            assertThat(won).containsExactlyInAnyOrder(true, false);
            boolean terminated = won.getFirst();
            assertThat(found(known).state()).isEqualTo(terminated ? UploadState.TERMINATED : UploadState.FINISHED);
            assertThat(deliveries.queued(known.id())).isEqualTo(terminated ? 0 : 1);
        }
    }

    @Test
    void moveState_withTheCallersStatements_movesWithThem() {
        Upload known = created(upload().offset(100).state(UploadState.FINISHED));

        assertThat(uploads.moveState(known.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> {
                    assertThat(uploads.terminate(known)).isTrue();
                    return true;
                }))
                .isFalse();
        assertThat(found(known)).isEqualTo(known);

        assertThat(uploads.moveState(known.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true))
                .isTrue();
        assertThat(found(known).state()).isEqualTo(UploadState.DELIVERED);
    }

    @Test
    void moveState_inAnotherState_isFalse() {
        Upload known = created(upload());

        assertThat(uploads.moveState(known.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true))
                .isFalse();
        assertThat(found(known)).isEqualTo(known);
    }

    @Test
    void moveState_theCallersStatementsSayNo_movesNothing() {
        Upload known = created(upload().offset(100).state(UploadState.FINISHED));

        assertThat(uploads.moveState(known.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> false))
                .isFalse();
        assertThat(found(known)).isEqualTo(known);
    }

    @Test
    void moveState_commitFails_isUndone() {
        Upload known = created(upload().offset(100).state(UploadState.FINISHED));

        assertThatThrownBy(() -> database().committer().commit(() -> {
                    uploads.moveState(known.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true);
                    throw new IllegalStateException("later statement");
                }))
                .hasMessage("later statement");
        assertThat(found(known)).isEqualTo(known);
    }

    @Test
    void terminate_insideACommit_joinsIt() {
        Upload known = created(upload());

        assertThatThrownBy(() -> database().committer().commit(() -> {
                    assertThat(uploads.terminate(known)).isTrue();
                    assertThat(found(known).state()).isEqualTo(UploadState.TERMINATED);
                    throw new IllegalStateException("later statement");
                }))
                .hasMessage("later statement");
        assertThat(found(known)).isEqualTo(known);
    }

    @Test
    void everyChange_committedButTheAnswerIsLost_isFoundInTheRow() {
        UploadRepository unlucky = repository(new AnswerLosing(database().committer(), true));
        Upload upload = upload().build();

        Upload created = unlucky.create(upload);
        Upload finished = unlucky.advance(created, 100, 1).orElseThrow();

        assertThat(found(created)).isEqualTo(finished);
        assertThat(deliveries.queued(upload.id())).isEqualTo(1);
        assertThat(deliveries.wakes()).isEqualTo(1);
        assertThat(unlucky.terminate(finished)).isTrue();
    }

    @Test
    void everyChange_rolledBackAndTheAnswerIsLost_saysThatNothingIsKnown() {
        UploadRepository unlucky = repository(new AnswerLosing(database().committer(), false));
        Upload known = created(upload());
        Upload other = upload().build();

        assertThatExceptionOfType(CommitOutcomeUnknownException.class).isThrownBy(() -> unlucky.create(other));
        assertThatExceptionOfType(CommitOutcomeUnknownException.class).isThrownBy(() -> unlucky.advance(known, 100, 1));
        assertThatExceptionOfType(CommitOutcomeUnknownException.class).isThrownBy(() -> unlucky.terminate(known));

        assertThat(uploads.find(other.id())).isEmpty();
        assertThat(found(known)).isEqualTo(known);
    }

    @Test
    void advance_answerLostAndSomebodyElseMovedIt_isEmpty() {
        Upload known = created(upload());
        UploadRepository unlucky = repository(new AnswerLosing(database().committer(), false));
        Upload moved = uploads.advance(known, 60, 9).orElseThrow();

        assertThat(unlucky.advance(known, 50, 1)).isEmpty();
        assertThat(found(known)).isEqualTo(moved);
    }

    private UploadRepository repository(RowCommitter committer) {
        return database().repository(committer, deliveries, CLOCK);
    }

    /** Loses the answer to every other commit: those of the changes, and not of the readings that follow them. */
    private static final class AnswerLosing implements RowCommitter {

        private final RowCommitter committer;
        private final boolean committing;
        private boolean losing;

        AnswerLosing(RowCommitter committer, boolean committing) {
            this.committer = committer;
            this.committing = committing;
        }

        @Override
        public <T extends @Nullable Object> T commit(Supplier<T> statements) {
            losing = !losing;
            if (!losing) {
                return committer.commit(statements);
            }
            if (committing) {
                committer.commit(statements);
            }
            throw new CommitOutcomeUnknownException(new IllegalStateException("connection reset"));
        }
    }
}
