package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.lease.LeaseUnavailableException;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk hangs while another request wants the upload of a body whose reader waits for its client. */
// On a thread of its own: one that hangs with the disk hears no interrupt, and the disk goes on when the test has
// ended.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HangingDiskIT {

    private static final int SIZE = 100;

    @TempDir
    Path folder;

    private @Nullable HangingStaging disk;
    private IngestFixture ingest;
    private Upload upload;
    private FedBody body = new FedBody(SIZE);
    private CompletableFuture<Upload> client = new CompletableFuture<>();

    @BeforeEach
    void begin() throws IOException {
        ingest = new IngestFixture(folder, Duration.ofMillis(300), staging -> disk = new HangingStaging(staging));
        upload = ingest.create((long) SIZE);
    }

    @AfterEach
    void end() {
        disk().goOn();
        ingest.close();
    }

    private HangingStaging disk() {
        return Objects.requireNonNull(disk);
    }

    private void receive(Verification verification) {
        body = new FedBody(SIZE).feed(new byte[40]);
        client = CompletableFuture.supplyAsync(
                () -> {
                    try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
                        return session.receive(body, SIZE, verification);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
        body.awaitTaken();
    }

    @Test
    void takeover_isRefused_andTheHolderGoesOn() {
        receive(Checksums.none());
        disk().hang();

        assertThatThrownBy(() -> ingest.appender.open(ANYBODY, upload.id()))
                .isInstanceOf(LeaseUnavailableException.class);
        assertThatThrownBy(() -> ingest.appender.open(ANYBODY, upload.id()))
                .isInstanceOf(LeaseUnavailableException.class);

        disk().goOn();
        body.feed(new byte[60]).end();
        assertThat(client.join().state()).isEqualTo(UploadState.FINISHED);
    }

    @Test
    void takeover_afterwards_isGranted() {
        receive(Checksums.none());
        disk().hang();
        assertThatThrownBy(() -> ingest.appender.open(ANYBODY, upload.id()))
                .isInstanceOf(LeaseUnavailableException.class);

        disk().goOn();
        try (AppendSession next = ingest.appender.open(ANYBODY, upload.id())) {
            assertThat(next.upload().offset()).isEqualTo(40);
        }
        body.feed(new byte[60]).end();
        assertThatThrownBy(client::join).hasCauseInstanceOf(UploadOvertakenException.class);
        assertThat(ingest.offset(upload)).isEqualTo(40);
    }

    /**
     * An unverified body's bytes do not count: a request that takes the upload over waits only for their truncation.
     */
    @Test
    void takeoverOfABodyWithAChecksum_isRefusedOrGranted_andRecordsNothing() {
        receive(Checksums.of(new byte[SIZE], Checksums.When.values()[0]));
        disk().hang();
        assertThatThrownBy(() -> ingest.appender.open(ANYBODY, upload.id()))
                .isInstanceOf(LeaseUnavailableException.class);

        disk().goOn();
        try (AppendSession next = ingest.appender.open(ANYBODY, upload.id())) {
            assertThat(next.upload().offset()).isZero();
        }
        body.feed(new byte[60]).end();
        assertThatThrownBy(client::join).isNotNull();
        assertThat(ingest.offset(upload)).isZero();
    }

    /** Also soon after another HEAD: otherwise the client would resume at an overtaken offset. */
    @Test
    void findCurrent_anyTime_isAnsweredWithWhatHasCome() {
        receive(Checksums.none());
        for (int offset = 40; offset < SIZE; offset += 10) {
            assertThat(ingest.lookup
                            .findCurrent(ANYBODY, upload.id())
                            .orElseThrow()
                            .offset())
                    .isEqualTo(offset);
            body.feed(new byte[10]).awaitTaken();
        }
        body.end();
        assertThat(client.join().offset()).isEqualTo(SIZE);
    }

    @Test
    void findCurrent_isAnsweredWithWhatIsRecorded() {
        receive(Checksums.none());
        disk().hang();

        assertThat(ingest.lookup.findCurrent(ANYBODY, upload.id()))
                .hasValueSatisfying(row -> assertThat(row.offset()).isZero());

        disk().goOn();
        body.feed(new byte[60]).end();
        assertThat(client.join().offset()).isEqualTo(SIZE);
    }
}
