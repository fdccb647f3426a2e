package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.upload.Upload;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The server stops while bodies are on their way. */
class RunningBodiesIT extends OneUpload {

    @Test
    void stop_readerBlockedInTheSocket_recordsWhatHasCome() {
        FedBody body = new FedBody(100).feed(new byte[40]);
        CompletableFuture<Upload> client = receive(body, Checksums.none());
        body.awaitTaken();

        ingest.bodies.stop();

        assertThat(ingest.offset(upload)).isEqualTo(40);
        assertThat(client).isNotDone();
        body.feed(new byte[10]);
        assertThatThrownBy(client::join).hasCauseInstanceOf(ServerStoppingException.class);
        assertThat(ingest.offset(upload)).isEqualTo(40);
        assertThat(lost("stopped")).isEqualTo(10);
    }

    @Test
    void stop_readerThatStillGetsBytes_answersBeforeItIsOver() {
        FedBody body = new FedBody(100).feed(new byte[40]);
        CompletableFuture<Upload> client = receive(body, Checksums.none());
        body.awaitTaken();

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> ingest.bodies.stop(Duration.ofMinutes(1)));
        Awaitility.await().until(() -> ingest.offset(upload) == 40);

        assertThat(stop).isNotDone();
        body.feed(new byte[10]);
        stop.join();
        assertThatThrownBy(client::join).hasCauseInstanceOf(ServerStoppingException.class);
    }

    @Test
    void stop_bodyWithAChecksum_leavesTheOffsetWhereItBegan() {
        FedBody body = new FedBody(100).feed(new byte[40]);
        CompletableFuture<Upload> client = receive(body, Checksums.of(new byte[100], Checksums.When.values()[0]));
        body.awaitTaken();

        ingest.bodies.stop();

        assertThat(ingest.offset(upload)).isZero();
        body.feed(new byte[60]).end();
        assertThatThrownBy(client::join).hasCauseInstanceOf(ServerStoppingException.class);
        assertThat(ingest.offset(upload)).isZero();
    }

    @Test
    void stop_bodiesThatComeLater_areRefused() {
        ingest.bodies.stop();

        assertThatThrownBy(() ->
                        receive(FedBody.whole(new byte[100]), Checksums.none()).join())
                .hasCauseInstanceOf(ServerStoppingException.class);
        assertThat(ingest.offset(upload)).isZero();
        assertThat(ingest.lookup.findCurrent(ANYBODY, upload.id()))
                .hasValueSatisfying(row -> assertThat(row.offset()).isZero());
    }

    @Test
    void revoke_readerBlockedInTheSocket_isEndedOnce() {
        Caller caller = Caller.of("ann", EnumSet.of(Role.UPLOAD, Role.ADMIN), Limits.NONE, "key:1");
        FedBody body = new FedBody(100).feed(new byte[40]);
        CompletableFuture<Upload> client = receive(caller, body, Checksums.none());
        body.awaitTaken();
        assertThat(ingest.bodies.credentials()).containsExactly("key:1");

        ingest.bodies.revoke("key:1");

        assertThat(ingest.offset(upload)).isEqualTo(40);
        assertThat(ingest.bodies.credentials()).isEmpty();
        assertThat(client).isNotDone();
        body.feed(new byte[10]);
        assertThatThrownBy(client::join).hasCauseInstanceOf(AccessRevokedException.class);
        assertThat(ingest.offset(upload)).isEqualTo(40);
    }

    private double lost(String reason) {
        return ingest.meters
                .get("narwhal.bodies.lost")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
