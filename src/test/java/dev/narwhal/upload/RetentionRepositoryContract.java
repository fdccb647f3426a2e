package dev.narwhal.upload;

import static dev.narwhal.upload.RetentionRepository.Outcome.MOVED;
import static dev.narwhal.upload.RetentionRepository.Outcome.NEEDED;
import static dev.narwhal.upload.RetentionRepository.Outcome.REMOVED;
import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SettableClock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the rows promise about their own end, on every database. */
abstract class RetentionRepositoryContract {

    private final SettableClock clock = new SettableClock();

    @SuppressWarnings("NullAway.Init")
    private UploadRepository uploads;

    @SuppressWarnings("NullAway.Init")
    private RetentionRepository retention;

    abstract TestDatabase database();

    @BeforeEach
    void wire() {
        RecordingDeliveries queue = new RecordingDeliveries(database().jdbc());
        uploads = database().repository(queue, clock);
        retention = database().retention(queue);
    }

    /** What a start and the comparison with the staged files ask. */
    static Stream<String> inventory() {
        return Stream.of(
                        InventoryRepository.SUMMARY.replace(":now", "current_timestamp"),
                        InventoryRepository.ELSEWHERE,
                        InventoryRepository.OPEN
                                .replace(":state", "'RECEIVING'")
                                .replace(":createdAt", "timestamp with time zone '2026-01-01 00:00:00+00'")
                                .replace(":id", "''")
                                .replace(":limit", "100"))
                .map(sql -> sql.replace(":volume", "'v'"));
    }

    private Upload over(UploadKind kind, UploadState state) {
        return uploads.create(
                upload().kind(kind).length(100L).offset(100).state(state).build());
    }

    Upload over(UploadState state) {
        return over(UploadKind.WHOLE, state);
    }

    private Upload finalOf(UploadState state, Upload... partials) {
        Upload made = over(UploadKind.FINAL, state);
        for (int i = 0; i < partials.length; i++) {
            database()
                    .jdbc()
                    .sql("insert into upload_part (final_id, position, partial_id) values (:f, :position, :p)")
                    .param("f", made.id().value())
                    .param("position", i)
                    .param("p", partials[i].id().value())
                    .update();
        }
        return made;
    }

    private boolean isThere(Upload upload) {
        return uploads.find(upload.id()).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"DELIVERED", "EXPIRED", "TERMINATED"})
    void remove_rowThatIsOver_isGone(UploadState state) {
        Upload upload = over(state);
        Upload other = over(state);

        assertThat(retention.remove(upload)).isEqualTo(REMOVED);

        assertThat(isThere(upload)).isFalse();
        assertThat(isThere(other)).isTrue();
        assertThat(retention.remove(upload)).isEqualTo(MOVED);
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVING", "FINISHED", "FAILED"})
    void remove_rowThatIsNotOver_stays(UploadState state) {
        Upload upload = over(state);
        database().jdbc().sql("delete from scheduled_tasks").update();

        assertThat(retention.remove(upload)).isEqualTo(MOVED);

        assertThat(isThere(upload)).isTrue();
    }

    @Test
    void remove_rowThatHasMovedSince_stays() {
        Upload known = over(UploadState.DELIVERED);
        assertThat(uploads.terminate(known)).isTrue();

        assertThat(retention.remove(known)).isEqualTo(MOVED);

        assertThat(isThere(known)).isTrue();
    }

    @Test
    void remove_whatADeliveryStillNeeds_stays() {
        Upload upload = over(UploadState.FINISHED);
        assertThat(uploads.terminate(upload)).isTrue();

        assertThat(retention.remove(uploads.find(upload.id()).orElseThrow())).isEqualTo(NEEDED);

        assertThat(isThere(upload)).isTrue();
    }

    @Test
    void remove_deliveredFinal_takesItsListAndLeavesItsPartials() {
        Upload partial = over(UploadKind.PARTIAL, UploadState.FINISHED);
        Upload made = finalOf(UploadState.DELIVERED, partial, partial);

        assertThat(retention.remove(made)).isEqualTo(REMOVED);

        assertThat(isThere(partial)).isTrue();
        assertThat(uploads.partials(made.id())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVING", "FINISHED", "FAILED"})
    void remove_partialOfAnUndeliveredFinal_stays(UploadState state) {
        Upload partial = over(UploadKind.PARTIAL, UploadState.EXPIRED);
        Upload made = finalOf(state, partial);

        assertThat(retention.remove(partial)).isEqualTo(NEEDED);

        assertThat(uploads.partials(made.id())).extracting(Upload::id).containsExactly(partial.id());
    }

    @ParameterizedTest
    @EnumSource(names = {"DELIVERED", "EXPIRED", "TERMINATED"})
    void remove_partialOfAFinalThatIsOver_leavesTheFinal(UploadState state) {
        Upload partial = over(UploadKind.PARTIAL, UploadState.EXPIRED);
        Upload other = over(UploadKind.PARTIAL, UploadState.EXPIRED);
        Upload made = finalOf(state, partial, other, partial);

        assertThat(retention.remove(partial)).isEqualTo(REMOVED);

        assertThat(isThere(partial)).isFalse();
        assertThat(isThere(made)).isTrue();
        assertThat(uploads.partials(made.id())).extracting(Upload::id).containsExactly(other.id());
    }

    /** Whoever comes first wins: the tombstone that is removed is not named by a new final, or the final is not made. */
    @Test
    void remove_partialWhileAFinalIsMadeOfIt_oneOfThemIsRefused() throws Exception {
        for (int i = 0; i < 20; i++) {
            Upload partial = over(UploadKind.PARTIAL, UploadState.TERMINATED);
            UploadId id = UploadId.random();
            List<String> outcomes = Race.run(
                    2, thread -> thread == 0 ? retention.remove(partial).name() : makeFinal(id, partial));

            assertThat(outcomes).isIn(List.of("REMOVED", "refused"), List.of("NEEDED", "made"));
        }
    }

    private String makeFinal(UploadId id, Upload partial) {
        try {
            uploads.createFinal(
                    id, Sight.ofOwner(partial.owner()), List.of(partial.id()), found -> assemble(id, partial, found));
            return "made";
        } catch (PartialInUseException e) {
            return "refused";
        }
    }

    private Upload assemble(UploadId id, Upload partial, Map<UploadId, Upload> found) {
        if (!found.containsKey(partial.id())) {
            throw new PartialInUseException(partial.id());
        }
        return UploadBuilder.upload()
                .id(id)
                .owner("")
                .kind(UploadKind.FINAL)
                .length(null)
                .createdAt(clock.instant())
                .volume("v")
                .concat("final;")
                .build();
    }
}
