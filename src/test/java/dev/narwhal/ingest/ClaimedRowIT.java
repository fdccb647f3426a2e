package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.staging.StagedAppend;
import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Staged bytes that no row counts, and the commit of a dead writer that may be about to count them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClaimedRowIT {

    private static final int STAGED = 60;

    @TempDir
    Path folder;

    private IngestFixture ingest;
    private Upload upload;

    @BeforeEach
    void begin() throws IOException {
        ingest = new IngestFixture(folder);
        ingest.bodies.start();
        upload = ingest.create(100L);
    }

    @AfterEach
    void end() {
        ingest.close();
    }

    private void stageUnrecorded() throws IOException {
        try (StagedAppend dead = ingest.staging.append(upload.id(), 0, -1)) {
            dead.buffer().put(new byte[STAGED]);
            dead.received(STAGED);
            dead.flush();
        }
    }

    private boolean lateCommit() {
        return ingest.uploads.advance(upload, STAGED, upload.leaseToken() + 1).isPresent();
    }

    private CompletableFuture<Upload> receive(FedBody body) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (AppendSession session = ingest.appender.open(upload.id())) {
                        return session.receive(body, 100, Checksums.none());
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    @Test
    void bytesAreCutOff_aCommitThatComesLater_isRefused() throws IOException {
        stageUnrecorded();
        FedBody body = new FedBody(100).feed(new byte[10]);
        CompletableFuture<Upload> client = receive(body);
        body.awaitTaken();

        assertThat(lateCommit()).isFalse();

        body.breakOff(BodyInterruptedException.Reason.values()[0]);
        assertThatThrownBy(client::join).hasRootCauseInstanceOf(IOException.class);
        assertThat(ingest.offset(upload)).isEqualTo(10);
        assertThat(ingest.staged(upload.id())).isEqualTo(10);
    }

    @Test
    void commitComesFirst_nothingIsCutOff() throws IOException {
        stageUnrecorded();
        try (AppendSession session = ingest.appender.open(upload.id())) {
            assertThat(lateCommit()).isTrue();

            assertThatThrownBy(() -> session.receive(FedBody.whole(new byte[10]), 100, Checksums.none()))
                    .isInstanceOf(UploadOvertakenException.class);
        }
        assertThat(ingest.offset(upload)).isEqualTo(STAGED);
        assertThat(ingest.staged(upload.id())).isEqualTo(STAGED);
    }

    @Test
    void nothingToCutOff_costsNoStatement() {
        FedBody body = new FedBody(100).feed(new byte[10]);
        CompletableFuture<Upload> client = receive(body);
        body.awaitTaken();

        assertThat(ingest.uploads.find(upload.id()).orElseThrow().leaseToken()).isEqualTo(upload.leaseToken());

        body.feed(new byte[90]).end();
        assertThat(client.join().offset()).isEqualTo(100);
    }
}
