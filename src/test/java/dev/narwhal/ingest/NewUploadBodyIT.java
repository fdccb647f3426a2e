package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narwhal.ingest.BodyInterruptedException.Reason;
import dev.narwhal.ingest.Checksums.When;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.TransientDataAccessResourceException;

/** The body of a creation: the row of the upload comes with its bytes, once, however the body ends. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NewUploadBodyIT {

    private static final long LENGTH = 100;

    @TempDir
    Path folder;

    private IngestFixture ingest;
    private Upload planned;
    private AppendSession session;

    @BeforeEach
    void begin() throws IOException {
        ingest = new IngestFixture(folder);
        planned = ingest.plan(LENGTH);
        session = ingest.appender.openNew(planned);
    }

    @AfterEach
    void end() {
        session.close();
        ingest.close();
    }

    private Optional<Upload> row() {
        return ingest.uploads.find(planned.id());
    }

    @Test
    void wholeBody_isOneRow_finishedAsItIsAdded() throws IOException {
        assertThat(row()).isEmpty();
        assertThat(session.isAdded()).isFalse();

        Upload after = session.receive(FedBody.whole(new byte[100]), LENGTH, Checksums.none());

        assertThat(after.state()).isEqualTo(UploadState.FINISHED);
        assertThat(row()).contains(after);
        assertThat(ingest.changes).containsExactly("CREATED 100", "FINISHED 100");
        assertThat(ingest.meters
                        .counter("narwhal.uploads.started", "kind", "whole")
                        .count())
                .isOne();
        assertThat(ingest.meters
                        .counter("narwhal.uploads.finished", "kind", "whole")
                        .count())
                .isOne();
    }

    @Test
    void firstPart_isARowThatTheClientGoesOnWith() throws IOException {
        Upload after = session.receive(FedBody.whole(new byte[40]), LENGTH, Checksums.none());
        session.close();

        assertThat(after.offset()).isEqualTo(40);
        assertThat(after.expiresAt()).isNotNull();
        try (AppendSession next = ingest.appender.open(ANYBODY, planned.id())) {
            assertThat(next.receive(FedBody.whole(new byte[60]), LENGTH, Checksums.none())
                            .state())
                    .isEqualTo(UploadState.FINISHED);
        }
    }

    @Test
    void cutBody_addsTheRowWithWhatCame() {
        FedBody cut = new FedBody(LENGTH).feed(new byte[40]).breakOff(Reason.CUT);

        assertThatExceptionOfType(BodyInterruptedException.class)
                .isThrownBy(() -> session.receive(cut, LENGTH, Checksums.none()));

        assertThat(session.isAdded()).isTrue();
        assertThat(row()).hasValueSatisfying(row -> assertThat(row.offset()).isEqualTo(40));
    }

    @Test
    void bodyCutBeforeItsFirstByte_addsTheRow() {
        FedBody cut = new FedBody(LENGTH).breakOff(Reason.CUT);

        assertThatExceptionOfType(BodyInterruptedException.class)
                .isThrownBy(() -> session.receive(cut, LENGTH, Checksums.none()));

        assertThat(row()).hasValueSatisfying(row -> assertThat(row.offset()).isZero());
    }

    @Test
    void wrongChecksum_addsTheRowWithoutBytes() throws IOException {
        Verification wrong = Checksums.of(new byte[99], When.BEFORE);

        assertThatExceptionOfType(ChecksumMismatchException.class)
                .isThrownBy(() -> session.receive(FedBody.whole(new byte[100]), LENGTH, wrong));
        session.close();

        assertThat(row()).hasValueSatisfying(row -> assertThat(row.offset()).isZero());
        try (AppendSession next = ingest.appender.open(ANYBODY, planned.id())) {
            assertThat(next.receive(FedBody.whole(new byte[100]), LENGTH, Checksums.none())
                            .state())
                    .isEqualTo(UploadState.FINISHED);
        }
    }

    @Test
    void stop_addsTheRowWithWhatCame() {
        FedBody body = new FedBody(LENGTH).feed(new byte[40]);
        CompletableFuture<Throwable> client = CompletableFuture.supplyAsync(() -> {
            try {
                session.receive(body, LENGTH, Checksums.none());
                return new AssertionError("The body was received to its end");
            } catch (IOException | RuntimeException e) {
                return e;
            }
        });
        body.awaitTaken();

        ingest.bodies.stop(Duration.ofSeconds(5));
        body.feed(new byte[60]).end();

        assertThat(client.join()).isInstanceOf(ServerStoppingException.class);
        assertThat(row()).hasValueSatisfying(row -> assertThat(row.offset()).isEqualTo(40));
    }

    @Test
    void lostAnswerOfTheCreation_isReadAgain_andIsNoSecondUpload() throws IOException {
        ingest.lostCreation.set(new TransientDataAccessResourceException("as if the connection had died"));
        FedBody cut = new FedBody(LENGTH).feed(new byte[40]).breakOff(Reason.CUT);

        assertThatExceptionOfType(BodyInterruptedException.class)
                .isThrownBy(() -> session.receive(cut, LENGTH, Checksums.none()));

        assertThat(session.isAdded()).isTrue();
        assertThat(session.upload()).isEqualTo(row().orElseThrow());
        assertThat(ingest.changes).containsExactly("CREATED 40");
    }

    @Test
    void databaseIsAway_nothingIsThere_andTheClientIsNotToldOfIt() {
        ingest.refusedCreations.set(new TransientDataAccessResourceException("as if it was away"));

        assertThatExceptionOfType(TransientDataAccessResourceException.class)
                .isThrownBy(() -> session.receive(FedBody.whole(new byte[100]), LENGTH, Checksums.none()));

        assertThat(session.isAdded()).isFalse();
        assertThat(row()).isEmpty();
        assertThat(ingest.interruptions).isEmpty();
    }

    @Test
    void orphanSweep_leavesTheFileOfARunningCreationAlone() throws IOException {
        FedBody body = new FedBody(LENGTH).feed(new byte[40]);
        CompletableFuture<Upload> client = CompletableFuture.supplyAsync(() -> received(body));
        body.awaitTaken();

        assertThat(ingest.leases.acquireForStepIfFree(planned.id()))
                .as("the lease, which the sweep needs to remove a file")
                .isEmpty();
        body.feed(new byte[60]).end();
        assertThat(client.join().state()).isEqualTo(UploadState.FINISHED);
    }

    private Upload received(FedBody body) {
        try {
            return session.receive(body, LENGTH, Checksums.none());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void emptyUploadWithABody_isAddedAllTheSame() throws IOException {
        Upload empty = ingest.plan(0L);
        try (AppendSession nothing = ingest.appender.openNew(empty)) {
            assertThatExceptionOfType(BodyTooLargeException.class)
                    .isThrownBy(() -> nothing.receive(FedBody.whole(new byte[1]), 0, Checksums.none()));
        }
        assertThat(ingest.uploads.find(empty.id()))
                .hasValueSatisfying(row -> assertThat(row.state()).isEqualTo(UploadState.FINISHED));
    }
}
