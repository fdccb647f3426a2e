package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fast body's checkpoint is made beside its reader. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointBesideIT {

    private static final int MIB = 1 << 20;
    private static final long SIZE = 100L * MIB;

    @TempDir
    Path folder;

    private @Nullable HangingStaging disk;
    private IngestFixture ingest;
    private final FedBody body = new FedBody(SIZE);

    @BeforeEach
    void begin() throws IOException {
        ingest = new IngestFixture(folder, Duration.ofMillis(300), staging -> disk = new HangingStaging(staging));
    }

    @AfterEach
    void end() {
        disk().goOn();
        ingest.close();
    }

    private HangingStaging disk() {
        return Objects.requireNonNull(disk);
    }

    /** Flushes hang: a reader that stopped for its checkpoint would hang with them. */
    @Test
    void body_of48MiB_isRecordedWhileItsReaderGoesOn() throws IOException {
        Upload upload = ingest.create(SIZE);
        disk().hang();
        CompletableFuture<Upload> client = receive(upload);

        feed(Checkpoints.MANY_BYTES);
        Awaitility.await().until(() -> {
            body.feed(new byte[1]);
            return offset(upload) >= Checkpoints.MANY_BYTES - MIB;
        });

        assertThat(offset(upload)).isLessThan(Checkpoints.MOST_BYTES);
        disk().goOn();
        body.breakOff(BodyInterruptedException.Reason.CUT);
        assertThatThrownBy(client::join).hasStackTraceContaining("BodyInterruptedException");
        assertThat(offset(upload)).isGreaterThan(Checkpoints.MANY_BYTES);
    }

    @Test
    void syncBeside_fails_endsTheBodyAndRecordsNothing() throws IOException {
        Upload upload = ingest.create(SIZE);
        disk().failSyncs("Input/output error");
        CompletableFuture<Upload> client = receive(upload);

        feed(Checkpoints.MANY_BYTES);
        body.feed(new byte[1]);

        assertThatThrownBy(client::join).hasStackTraceContaining("Input/output error");
        assertThat(offset(upload)).isZero();
    }

    private void feed(long bytes) {
        for (long fed = 0; fed < bytes; fed += MIB) {
            body.feed(new byte[MIB]);
        }
    }

    private long offset(Upload upload) {
        return ingest.uploads.find(upload.id()).orElseThrow().offset();
    }

    private CompletableFuture<Upload> receive(Upload upload) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
                        return session.receive(body, SIZE, Checksums.none());
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }
}
