package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.UploadEvent.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What listeners are told, on every database: each change once, in its transaction, with the row as it was and as it is. */
abstract class UploadEventsContract {

    final SettableClock clock = new SettableClock();
    final RecordingListener listener = new RecordingListener();
    final RecordingListener another = new RecordingListener();

    @SuppressWarnings("NullAway.Init")
    UploadRepository uploads;

    @SuppressWarnings("NullAway.Init")
    ExpiryRepository expiries;

    @SuppressWarnings("NullAway.Init")
    RetentionRepository retention;

    abstract TestDatabase database();

    @BeforeEach
    void wire() {
        UploadListeners listeners = UploadListeners.of(another, listener);
        uploads = new UploadRepository(
                database().jdbc(),
                database().committer(),
                listeners,
                TestDatabase.EXPIRE_AFTER,
                Long.MAX_VALUE,
                RowFence.NONE,
                Duration.ZERO,
                clock);
        expiries = new ExpiryRepository(database().jdbc(), database().committer(), listeners);
        retention = new RetentionRepository(
                database().jdbc(),
                database().committer(),
                new RecordingDeliveries(database().jdbc()),
                listeners);
    }

    final Upload created(UploadBuilder upload) {
        return uploads.create(upload.build());
    }

    final Upload partial(@Nullable Long length) {
        return created(upload().kind(UploadKind.PARTIAL).length(length));
    }

    final Upload finalOf(Upload... partials) {
        UploadId id = UploadId.random();
        List<UploadId> ids = List.of(partials).stream().map(Upload::id).toList();
        return uploads.createFinal(id, Sight.ofOwner(partials[0].owner()), ids, rows -> assembled(id, ids, rows));
    }

    private Upload assembled(UploadId id, List<UploadId> ids, Map<UploadId, Upload> rows) {
        List<Upload> all = ids.stream().map(rows::get).toList();
        boolean known = all.stream().noneMatch(Upload::isLengthDeferred);
        boolean complete = all.stream().allMatch(part -> part.state() == UploadState.FINISHED);
        Upload draft = upload().id(id).kind(UploadKind.FINAL).length(null).build();
        return draft.assembled(
                known ? all.stream().mapToLong(part -> part.progress().length()).sum() : null,
                complete,
                clock.instant());
    }

    final Upload found(Upload upload) {
        return uploads.find(upload.id()).orElseThrow();
    }

    /** All that was told since this was asked last, inside transactions. */
    final List<UploadEvent> told() {
        List<UploadEvent> told = listener.changed();
        assertThat(another.changed()).isEqualTo(told);
        return told;
    }

    private void toldNothing() {
        assertThat(told()).isEmpty();
        assertThat(listener.committed()).isEmpty();
    }

    final void forgetWhatWasTold() {
        var unused = told();
        var unusedToo = listener.committed();
    }

    static UploadEvent event(Type type, @Nullable Upload before, Upload now) {
        return new UploadEvent(type, before, now);
    }

    private void toldBoth(UploadEvent... events) {
        assertThat(told()).containsExactly(events);
        assertThat(listener.committed()).containsExactly(events);
    }

    @ParameterizedTest
    @EnumSource
    void create_isCreated(UploadKind kind) {
        Upload row = created(upload().kind(kind));

        toldBoth(event(Type.CREATED, null, found(row)));
    }

    @ParameterizedTest
    @EnumSource
    void create_empty_isCreatedThenFinished(UploadKind kind) {
        Upload row = created(upload().kind(kind).length(0L).state(UploadState.FINISHED));

        toldBoth(event(Type.CREATED, null, found(row)), event(Type.FINISHED, null, found(row)));
    }

    @Test
    void create_idTaken_tellsNothing() {
        Upload row = created(upload());
        forgetWhatWasTold();

        assertThatThrownBy(() -> created(upload().id(row.id()))).isNotNull();

        toldNothing();
    }

    @Test
    void createFinal_ofUnfinishedPartials_isCreated() {
        Upload first = partial(3L);
        forgetWhatWasTold();

        Upload whole = finalOf(first, first);

        toldBoth(event(Type.CREATED, null, found(whole)));
    }

    @Test
    void createFinal_ofFinishedPartials_isCreatedThenFinished() {
        Upload first = uploads.advance(partial(3L), 3, 1).orElseThrow();
        forgetWhatWasTold();

        Upload whole = finalOf(first, first);

        toldBoth(event(Type.CREATED, null, found(whole)), event(Type.FINISHED, null, found(whole)));
    }

    @Test
    void advance_isAdvancedThenFinished() {
        Upload row = created(upload());
        forgetWhatWasTold();

        Upload half = uploads.advance(row, 50, 1).orElseThrow();
        toldBoth(event(Type.ADVANCED, row, found(row)));
        Upload all = uploads.advance(half, 100, 2).orElseThrow();
        toldBoth(event(Type.FINISHED, half, found(row)));

        assertThat(uploads.advance(half, 60, 3)).isEmpty();
        assertThat(all).isEqualTo(found(row));
        toldNothing();
    }

    @Test
    void declareLength_isAdvanced_orFinishedWhenThatWasAll() {
        Upload more = uploads.advance(created(upload().length(null)), 50, 1).orElseThrow();
        Upload all = uploads.advance(created(upload().length(null)), 50, 1).orElseThrow();
        forgetWhatWasTold();

        assertThat(uploads.declareLength(more, 51, 1)).contains(found(more));
        toldBoth(event(Type.ADVANCED, more, found(more)));
        assertThat(uploads.declareLength(all, 50, 1)).contains(found(all));
        toldBoth(event(Type.FINISHED, all, found(all)));
    }

    @Test
    void lastPartial_finishesItsFinalsWithIt() {
        Upload first = uploads.advance(partial(3L), 3, 1).orElseThrow();
        Upload last = partial(null);
        Upload whole = finalOf(first, last);
        forgetWhatWasTold();

        Upload declared = uploads.declareLength(last, 4, 1).orElseThrow();
        Upload waiting = found(whole);
        assertThat(waiting.length()).isEqualTo(7);
        assertThat(told()).containsExactly(event(Type.ADVANCED, last, declared), event(Type.ADVANCED, whole, waiting));
        assertThat(listener.committed()).containsExactly(event(Type.ADVANCED, last, declared));

        Upload finished = uploads.advance(declared, 4, 1).orElseThrow();
        assertThat(told())
                .containsExactly(event(Type.FINISHED, declared, finished), event(Type.FINISHED, waiting, found(whole)));
        assertThat(listener.committed()).containsExactly(event(Type.FINISHED, declared, finished));
    }

    @ParameterizedTest
    @EnumSource(names = {"RECEIVING", "FINISHED", "DELIVERED", "FAILED"})
    void terminate_isTerminated(UploadState state) {
        Upload row = created(
                upload().offset(state == UploadState.RECEIVING ? 5 : 100).state(state));
        forgetWhatWasTold();

        assertThat(uploads.terminate(row)).isTrue();
        toldBoth(event(Type.TERMINATED, row, found(row)));

        assertThat(uploads.terminate(row)).isFalse();
        toldNothing();
    }

    @Test
    void terminate_finalAndPartial_isToldOfEachByItself() {
        Upload part = partial(3L);
        Upload whole = finalOf(part);
        forgetWhatWasTold();

        assertThatThrownBy(() -> uploads.terminate(part)).isInstanceOf(PartialInUseException.class);
        toldNothing();
        assertThat(uploads.terminate(whole)).isTrue();
        toldBoth(event(Type.TERMINATED, whole, found(whole)));
        assertThat(uploads.terminate(part)).isTrue();
        toldBoth(event(Type.TERMINATED, part, found(part)));
    }

    @ParameterizedTest
    @EnumSource
    void expire_isExpired(UploadKind kind) {
        Upload row = created(upload().kind(kind));
        forgetWhatWasTold();

        assertThat(expiries.expire(row, clock.instant())).isEqualTo(ExpiryRepository.Outcome.MOVED);
        toldNothing();
        clock.pass(TestDatabase.EXPIRE_AFTER.plusSeconds(1));
        assertThat(expiries.expire(row, clock.instant())).isEqualTo(ExpiryRepository.Outcome.EXPIRED);
        toldBoth(event(Type.EXPIRED, row, found(row)));
        assertThat(expiries.expire(row, clock.instant())).isEqualTo(ExpiryRepository.Outcome.MOVED);
        toldNothing();
    }

    @Test
    void expire_partialThatIsNeeded_tellsNothing() {
        Upload part = partial(3L);
        Upload unused = finalOf(part);
        forgetWhatWasTold();
        clock.pass(TestDatabase.EXPIRE_AFTER.plusSeconds(1));

        assertThat(expiries.expire(part, clock.instant())).isEqualTo(ExpiryRepository.Outcome.KEPT);

        toldNothing();
    }

    @Test
    void moveState_isFailedRetriedDelivered() {
        Upload row = created(upload().offset(100).state(UploadState.FINISHED));
        forgetWhatWasTold();

        Upload failed = moved(row, UploadState.FAILED);
        toldBoth(event(Type.DELIVERY_FAILED, row, failed));
        Upload retried = moved(failed, UploadState.FINISHED);
        toldBoth(event(Type.RETRIED, failed, retried));
        Upload delivered = moved(retried, UploadState.DELIVERED);
        toldBoth(event(Type.DELIVERED, retried, delivered));

        assertThat(uploads.moveState(row.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true))
                .isFalse();
        toldNothing();
    }

    private Upload moved(Upload row, UploadState to) {
        clock.pass(Duration.ofSeconds(1));
        assertThat(uploads.moveState(row.id(), row.state(), to, () -> true)).isTrue();
        assertThat(found(row).finishedAt()).isEqualTo(row.finishedAt());
        return found(row);
    }

    @Test
    void remove_isForgotten() {
        Upload row = created(upload().offset(100).state(UploadState.DELIVERED));
        forgetWhatWasTold();

        assertThat(retention.remove(row)).isEqualTo(RetentionRepository.Outcome.REMOVED);
        toldBoth(event(Type.FORGOTTEN, row, row));
        assertThat(retention.remove(row)).isEqualTo(RetentionRepository.Outcome.MOVED);
        toldNothing();
    }
}
