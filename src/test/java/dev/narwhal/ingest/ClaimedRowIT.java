package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.staging.StagedAppend;
import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Sight;
import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Staged bytes that no row counts, and the commit of a dead writer that may be about to count them. */
class ClaimedRowIT extends OneUpload {

    private static final int STAGED = 60;

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

    @Test
    void bytesAreCutOff_aCommitThatComesLater_isRefused() throws IOException {
        stageUnrecorded();
        FedBody body = new FedBody(100).feed(new byte[10]);
        CompletableFuture<Upload> client = receive(body, Checksums.none());
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
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            assertThat(lateCommit()).isTrue();

            assertThatThrownBy(() -> session.receive(FedBody.whole(new byte[10]), 100, Checksums.none()))
                    .isInstanceOf(UploadOvertakenException.class);
        }
        assertThat(ingest.offset(upload)).isEqualTo(STAGED);
        assertThat(ingest.staged(upload.id())).isEqualTo(STAGED);
    }

    /** Each reader has a token of its own: none takes the change of another for its own, whose answer was lost. */
    @Test
    void rowMovedByAnotherReaderToTheSameOffset_isNotTakenForOurs() throws IOException {
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            GrantedUpload other = ingest.uploads
                    .findForLease(upload.id(), Sight.ofOwner(upload.owner()))
                    .orElseThrow();
            assertThat(ingest.uploads.advance(other.upload(), STAGED, other.token()))
                    .isPresent();

            assertThatThrownBy(() -> session.receive(FedBody.whole(new byte[STAGED]), 100, Checksums.none()))
                    .isInstanceOf(UploadOvertakenException.class);
        }
    }

    @Test
    void nothingToCutOff_costsNoStatement() {
        FedBody body = new FedBody(100).feed(new byte[10]);
        CompletableFuture<Upload> client = receive(body, Checksums.none());
        body.awaitTaken();

        assertThat(ingest.uploads.find(upload.id()).orElseThrow().leaseToken()).isEqualTo(upload.leaseToken());

        body.feed(new byte[90]).end();
        assertThat(client.join().offset()).isEqualTo(100);
    }
}
