package dev.narwhal.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The history of uploads, the same on both databases. */
abstract class UploadHistoryContract {

    private SettableClock clock;
    private HistoryRows rows;
    private UploadRepository uploads;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        clock = new SettableClock();
        rows = new HistoryRows(database().jdbc());
        uploads = restarted();
    }

    /** As a new process has it. */
    private UploadRepository restarted() {
        return database().repository(new UploadHistory(rows, database().committer(), clock), clock);
    }

    private Upload create() {
        return uploads.create(UploadBuilder.upload().length(100L).build());
    }

    private Upload advance(Upload upload, long offset) {
        clock.pass(Duration.ofSeconds(10));
        return uploads.advance(upload, offset, upload.leaseToken() + 1).orElseThrow();
    }

    private List<HistoryEvent> events(UploadId id) {
        return rows.of(id).stream().map(HistoryEntry::event).toList();
    }

    @Test
    void upload_thatGoesStraightThrough_hasNoHistory() {
        Upload upload = advance(advance(create(), 50), 100);
        assertThat(uploads.moveState(upload.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true))
                .isTrue();

        assertThat(rows.of(upload.id())).isEmpty();
    }

    @Test
    void interruption_hasItsReasonItsOffsetAndItsEnd() {
        Upload upload = advance(create(), 40);
        Instant broken = clock.instant();
        uploads.interrupted(upload, "cut");
        assertThat(rows.of(upload.id()))
                .containsExactly(new HistoryEntry(HistoryEvent.INTERRUPTED, broken, 40L, "cut", null, null));

        advance(upload, 60);

        assertThat(rows.of(upload.id()).getFirst().resumedAt()).isEqualTo(broken.plusSeconds(10));
    }

    @Test
    void interruption_withBytesToRecord_isWrittenOnceAndWithThem() {
        Upload upload = advance(create(), 40);
        clock.pass(Duration.ofSeconds(1));
        Upload broken = uploads.advance(upload, 50, upload.leaseToken(), "cut").orElseThrow();
        HistoryEntry entry = new HistoryEntry(HistoryEvent.INTERRUPTED, clock.instant(), 50L, "cut", null, null);
        assertThat(rows.of(upload.id())).containsExactly(entry);

        uploads.interrupted(broken, "cut");
        assertThat(rows.of(upload.id())).containsExactly(entry);

        advance(broken, 60);
        assertThat(rows.of(upload.id()).getFirst().resumedAt()).isNotNull();
    }

    @Test
    void interruption_ofAWriterThatLostTheRace_isNotWrittenWithTheBytes() {
        Upload upload = advance(create(), 40);
        advance(upload, 60);

        assertThat(uploads.advance(upload, 50, upload.leaseToken(), "cut")).isEmpty();
        assertThat(rows.of(upload.id())).isEmpty();
    }

    @Test
    void interruption_thatTheLastByteEnds_isOver() {
        Upload upload = advance(create(), 40);
        uploads.interrupted(upload, "silent");

        advance(upload, 100);

        assertThat(rows.of(upload.id()).getFirst().resumedAt()).isNotNull();
    }

    @Test
    void claimOfARow_endsNoInterruption() {
        Upload upload = advance(create(), 40);
        uploads.interrupted(upload, "cut");

        Upload claimed = advance(upload, 40);
        assertThat(rows.of(upload.id()).getFirst().resumedAt()).isNull();

        advance(claimed, 41);
        assertThat(rows.of(upload.id()).getFirst().resumedAt()).isNotNull();
    }

    @Test
    void takeover_isNoInterruption() {
        Upload upload = advance(create(), 40);

        uploads.interrupted(upload, "displaced");

        assertThat(events(upload.id())).containsExactly(HistoryEvent.TAKEN_OVER);
    }

    @Test
    void interruption_beforeARestart_isEndedByTheFirstBytesAfterIt() {
        Upload upload = advance(create(), 40);
        uploads.interrupted(upload, "stopped");
        clock.pass(Duration.ofMinutes(1));
        uploads = restarted();

        advance(upload, 60);

        assertThat(rows.of(upload.id()).getFirst().resumedAt()).isEqualTo(clock.instant());
    }

    @Test
    void history_hasAtMostItsMostRows_andRoomForWhatComesLater() {
        Upload upload = advance(create(), 40);
        for (int i = 0; i < HistoryRows.MOST_INTERRUPTIONS + 5; i++) {
            uploads.interrupted(upload, "cut");
        }
        assertThat(rows.of(upload.id())).hasSize(HistoryRows.MOST_INTERRUPTIONS);

        for (int i = 0; i < HistoryRows.MOST; i++) {
            database().committer().commit(() -> {
                rows.add(
                        upload.id(),
                        HistoryEntry.of(HistoryEvent.RETRIED, clock.instant()).by("anna"));
                return true;
            });
        }

        assertThat(rows.of(upload.id())).hasSize(HistoryRows.MOST);
        assertThat(rows.of(upload.id()).getLast().actor()).isEqualTo("anna");
    }

    @Test
    void failureOfADelivery_takesTheErrorOfItsRow() {
        Upload upload = advance(create(), 100);
        database()
                .jdbc()
                .sql(
                        "insert into delivery (upload_id, destination, status, last_error, created_at, updated_at)"
                                + " select id, 'default', 'FAILED', 'the bucket is gone', created_at, created_at from upload where id = :id")
                .param("id", upload.id().value())
                .update();

        assertThat(uploads.moveState(upload.id(), UploadState.FINISHED, UploadState.FAILED, () -> true))
                .isTrue();

        assertThat(rows.of(upload.id())).singleElement().satisfies(row -> {
            assertThat(row.event()).isEqualTo(HistoryEvent.DELIVERY_FAILED);
            assertThat(row.detail()).isEqualTo("the bucket is gone");
        });
    }

    @Test
    void statements_ofATermination_areUndoneWithIt() {
        Upload upload = create();
        Upload moved = advance(upload, 10);

        assertThat(uploads.terminate(
                        upload, () -> rows.add(upload.id(), HistoryEntry.of(HistoryEvent.TERMINATED, clock.instant()))))
                .isFalse();
        assertThat(rows.of(upload.id())).isEmpty();

        assertThat(uploads.terminate(
                        moved,
                        () -> rows.add(
                                upload.id(),
                                HistoryEntry.of(HistoryEvent.TERMINATED, clock.instant())
                                        .by("ops"))))
                .isTrue();
        assertThat(events(upload.id())).containsExactly(HistoryEvent.TERMINATED);
    }

    @Test
    void history_goesWithItsUpload() {
        Upload upload = advance(create(), 40);
        uploads.interrupted(upload, "cut");

        database()
                .jdbc()
                .sql("delete from upload where id = :id")
                .param("id", upload.id().value())
                .update();

        assertThat(rows.of(upload.id())).isEmpty();
    }

    @Test
    void interruption_ofAnUploadWithoutARow_isNothing() {
        Upload upload = UploadBuilder.upload().build();

        uploads.interrupted(upload, "cut");

        assertThat(rows.of(upload.id())).isEmpty();
    }
}
