package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.UploadEvent.Type;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of changes at which a listener fails, on every database. */
abstract class UploadListenerContract extends UploadEventsContract {

    /** One of that type, of the upload that was created last. */
    private Runnable change(Type type) {
        return switch (type) {
            case CREATED -> throw new IllegalArgumentException("No upload is there before it");
            case FINISHED -> {
                Upload row = created(upload());
                yield () -> uploads.advance(row, 100, 1);
            }
            case ADVANCED -> {
                Upload row = created(upload());
                yield () -> uploads.advance(row, 10, 1);
            }
            case DELIVERED -> moving(UploadState.FINISHED, UploadState.DELIVERED);
            case DELIVERY_FAILED -> moving(UploadState.FINISHED, UploadState.FAILED);
            case RETRIED -> moving(UploadState.FAILED, UploadState.FINISHED);
            case EXPIRED -> {
                Upload row = created(upload());
                clock.pass(TestDatabase.EXPIRE_AFTER.plusSeconds(1));
                yield () -> expiries.expire(row, clock.instant());
            }
            case TERMINATED -> {
                Upload row = created(upload());
                yield () -> uploads.terminate(row);
            }
            case FORGOTTEN -> {
                Upload row = created(upload().state(UploadState.TERMINATED));
                yield () -> retention.remove(row);
            }
        };
    }

    private Runnable moving(UploadState from, UploadState to) {
        Upload row = created(upload().offset(100).state(from));
        return () -> uploads.moveState(row.id(), from, to, () -> true);
    }

    /** With the others' changes, which may be in one transaction with it. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CREATED")
    void listenerThrows_itsUploadStaysAndOthersMove(Type type) throws Exception {
        Runnable change = change(type);
        Upload victim = told().getLast().now();
        List<Upload> others = List.of(created(upload()), created(upload()), created(upload()));
        forgetWhatWasTold();
        IllegalStateException failure = new IllegalStateException("no room for an outbox row");
        listener.failAt(victim.id(), failure);

        List<Object> outcomes = Race.run(4, thread -> {
            if (thread < 3) {
                return uploads.advance(others.get(thread), 7, 1).orElseThrow().offset();
            }
            assertThatThrownBy(change::run).isSameAs(failure);
            return "refused";
        });

        assertThat(outcomes).containsExactly(7L, 7L, 7L, "refused");
        assertThat(found(victim)).isEqualTo(victim);
        assertThat(others).allSatisfy(other -> assertThat(found(other).offset()).isEqualTo(7));
        assertThat(listener.committed())
                .extracting(UploadEvent::type)
                .containsOnly(Type.ADVANCED)
                .hasSize(3);
        listener.failAt(victim.id(), null);
        change.run();
    }

    @Test
    void listenerThrowsAtACreation_nothingIsThere() {
        Upload draft = upload().length(0L).state(UploadState.FINISHED).build();
        IllegalStateException failure = new IllegalStateException("no room for an outbox row");
        listener.failAt(draft.id(), failure);

        assertThatThrownBy(() -> uploads.create(draft)).isSameAs(failure);

        assertThat(uploads.find(draft.id())).isEmpty();
        assertThat(listener.committed()).isEmpty();
    }

    @Test
    void listenerThrowsAtAFinal_thePartialStaysToo() {
        Upload part = partial(3L);
        Upload whole = finalOf(part);
        IllegalStateException failure = new IllegalStateException("no room for an outbox row");
        listener.failAt(whole.id(), failure);

        assertThatThrownBy(() -> uploads.advance(part, 3, 1)).isSameAs(failure);

        assertThat(found(part)).isEqualTo(part);
        assertThat(found(whole)).isEqualTo(whole);
    }

    @Test
    void listenerThrowsAfterTheCommit_theChangeStandsAndOthersAreTold() {
        Upload row = created(upload());
        forgetWhatWasTold();
        another.failAfterCommits();

        Upload moved = uploads.advance(row, 10, 1).orElseThrow();
        uploads.interrupted(moved, "cut");

        assertThat(found(row)).isEqualTo(moved);
        assertThat(listener.committed()).containsExactly(event(Type.ADVANCED, row, moved));
        assertThat(listener.interruptions()).containsExactly(moved.id() + " cut");
    }

    @Test
    void change_outsideATransaction_isRefused() {
        UploadListeners listeners = UploadListeners.of(listener);
        UploadEvent event = event(Type.CREATED, null, upload().build());

        assertThatThrownBy(() -> listeners.changed(event)).isInstanceOf(IllegalStateException.class);
    }
}
