package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A client that was told an offset comes back with it, although its body went on without it, out of a proxy's buffer. */
class ToldOffsetIT extends OneUpload {

    private Upload now() {
        return ingest.uploads.find(upload.id()).orElseThrow();
    }

    private Upload lookedAtInBetween(int told, int end) {
        FedBody body = new FedBody(end).feed(new byte[told]);
        CompletableFuture<Upload> client = receive(body, Checksums.none());
        body.awaitTaken();
        assertThat(ingest.lookup.findCurrent(ANYBODY, upload.id()).orElseThrow().offset())
                .isEqualTo(told);
        body.feed(new byte[end - told]).end();
        return client.join();
    }

    @Test
    void toldOffset_thatTheBodyWentPast_isOvertaken() {
        assertThat(lookedAtInBetween(40, 60).offset()).isEqualTo(60);

        assertThat(ingest.appender.judge(ANYBODY, now(), 40)).isEqualTo(OffsetVerdict.OVERTAKEN);
        assertThat(ingest.appender.judge(ANYBODY, now(), 60)).isEqualTo(OffsetVerdict.POSSIBLE);
        assertThat(ingest.appender.judge(ANYBODY, now(), 20))
                .as("nobody was told that")
                .isEqualTo(OffsetVerdict.WRONG);
    }

    @Test
    void toldOffset_afterALaterBodyWasAnswered_isWrong() throws IOException {
        lookedAtInBetween(40, 60);
        try (AppendSession next = ingest.appender.open(ANYBODY, upload.id())) {
            next.receive(FedBody.whole(new byte[10]), LENGTH, Checksums.none());
        }

        assertThat(ingest.appender.judge(ANYBODY, now(), 40)).isEqualTo(OffsetVerdict.WRONG);
    }

    @Test
    void offsetThatNobodyAskedFor_isWrong() throws IOException {
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            session.receive(FedBody.whole(new byte[60]), LENGTH, Checksums.none());
        }

        assertThat(ingest.appender.judge(ANYBODY, now(), 40)).isEqualTo(OffsetVerdict.WRONG);
    }

    /** HEAD reads the row, the body ends, and only then HEAD reports its offset. */
    @Test
    void toldOffset_whileTheBodyEnds_isOvertaken() throws IOException {
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            session.receive(FedBody.whole(new byte[60]), LENGTH, Checksums.none());
            session.told(10);
        }

        assertThat(ingest.appender.judge(ANYBODY, now(), 10)).isEqualTo(OffsetVerdict.OVERTAKEN);
        assertThat(ingest.appender.judge(ANYBODY, now(), 60)).isEqualTo(OffsetVerdict.POSSIBLE);
    }

    @Test
    void toldOffset_ofTheEnd_isNothingToRemember() throws IOException {
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            session.receive(FedBody.whole(new byte[60]), LENGTH, Checksums.none());
            session.told(60);
        }

        assertThat(ingest.appender.judge(ANYBODY, now(), 59)).isEqualTo(OffsetVerdict.WRONG);
    }
}
