package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.staging.StagedAppend;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent of an upload that is still being received. */
class AheadDeliveryIT {

    private static final long PART = PartPlan.MIN_PART_SIZE;
    private static final PartPlan PLAN = new PartPlan(4 * PART, PART);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final List<Long> sent = new ArrayList<>();
    private TestDatabase database;
    private DeliveryFixture fixture;

    @BeforeEach
    void open() {
        database = TestDatabase.h2(folder);
        fixture = new DeliveryFixture(folder, database, clock);
    }

    @AfterEach
    void close() {
        fixture.close();
        database.close();
    }

    /** Bytes that no row counts may be cut off, and come again as others. */
    @Test
    void run_receiving_sendsWhatIsWholeBelowTheRowsOffset_andNothingBeyond() throws Exception {
        fixture.destination.ahead = this::send;
        Upload upload = receiving(2 * PART + PART / 2, PART + PART / 2);

        assertThat(fixture.task().run(upload.id()).orElseThrow()).isAfter(clock.instant());

        assertThat(sent).containsExactly(PART);
        fixture.uploads.advance(upload, 2 * PART + 1, 1);
        assertThat(fixture.task().run(upload.id()).orElseThrow()).isAfter(clock.instant());
        assertThat(sent).containsExactly(PART, 2 * PART);
    }

    @Test
    void run_whatIsSentAheadFails_countsForNothing() throws Exception {
        fixture.destination.ahead = (job, content, journal) -> {
            throw new DestinationException(Failure.FINAL, "not like this");
        };
        Upload upload = receiving(PART, PART);

        assertThat(fixture.task().run(upload.id()).orElseThrow()).isAfter(clock.instant());

        assertThat(fixture.row(upload.id()).status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(fixture.row(upload.id()).attempts()).isZero();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.RECEIVING);
    }

    @Test
    void run_nothingNew_looksAwayForAWhile() throws Exception {
        fixture.destination.ahead = this::send;
        Upload upload = receiving(PART - 1, PART - 1);

        assertThat(fixture.task().run(upload.id())).contains(clock.instant().plus(Duration.ofSeconds(30)));

        assertThat(sent).isEmpty();
        assertThat(fixture.row(upload.id()).token()).isZero();
    }

    /** As a store does that takes whatever is there. */
    private void send(DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        sent.add(content.length());
        if (journal.handle().isEmpty()) {
            assertThat(journal.begun("HANDLE")).isTrue();
        }
        for (int number = journal.parts().size() + 1; number <= content.length() / PART; number++) {
            assertThat(journal.sent(new SentPart(number, PART, "etag", null))).isTrue();
        }
    }

    /** An upload of which more is staged than its row says: its body goes on. */
    private Upload receiving(long staged, long offset) throws IOException {
        UploadId id = UploadId.random();
        fixture.staging.admit(id, PLAN.length());
        try (StagedAppend append = fixture.staging.append(id, 0, PLAN.length())) {
            for (long position = 0; position < staged; position = append.position()) {
                append.received((int) Math.min(append.buffer().remaining(), staged - position));
            }
            append.flush();
        }
        Upload created = fixture.uploads.create(row(id));
        fixture.deliveries.insertIfAbsent(created, "default", "key", PLAN);
        return fixture.uploads.advance(created, offset, 1).orElseThrow();
    }

    private Upload row(UploadId id) {
        Instant now = clock.instant();
        return UploadBuilder.upload()
                .id(id)
                .owner("")
                .length(PLAN.length())
                .filename("file.bin")
                .createdAt(now)
                .volume(fixture.staging.volume())
                .build();
    }
}
