package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narwhal.access.Caller;
import dev.narwhal.access.CreationRules;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.upload.Sight;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadTerms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request reads the row before it takes the lease: a stranger gets neither, and a request reads again if another
 * one wrote in between.
 */
class RowBeforeLeaseIT extends OneUpload {

    /** Finds what an upload URL has created: nothing. */
    private static final Caller STRANGER = new Caller(
            "ann",
            Sight.ofCredential("url:none"),
            Set.of(Role.UPLOAD),
            Limits.NONE,
            UploadTerms.NONE,
            CreationRules.NONE);

    private AppendSession open(boolean ifFree) {
        return ifFree
                ? ingest.appender.openIfFree(ANYBODY, upload.id()).orElseThrow()
                : ingest.appender.open(ANYBODY, upload.id());
    }

    private Upload append(int bytes) {
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            return session.receive(FedBody.whole(new byte[bytes]), LENGTH, Checksums.none());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long token() {
        return ingest.uploads.find(upload.id()).orElseThrow().leaseToken();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void somebodyWroteInBetween_rowAndTokenAreReadAgain(boolean ifFree) throws IOException {
        ingest.beforeLease.set(() -> append(10));

        try (AppendSession session = open(ifFree)) {
            long before = token();
            assertThat(session.upload().offset()).isEqualTo(10);
            assertThat(session.isTakenOver()).isFalse();
            session.receive(FedBody.whole(new byte[20]), LENGTH, Checksums.none());
            assertThat(token()).isGreaterThan(before);
        }
        assertThat(ingest.offset(upload)).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itIsTerminatedInBetween_isNotThere_andTheLeaseIsGivenBack(boolean ifFree) {
        ingest.beforeLease.set(() -> {
            ingest.leases.acquireForStep(upload.id()).close();
            assertThat(ingest.uploads.terminate(upload)).isTrue();
        });

        // Whoever ends an upload has its lease: its end is seen by that.
        assertThatExceptionOfType(UploadNotFoundException.class).isThrownBy(() -> open(ifFree));
        assertThat(ingest.leases.holder(upload.id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stranger_asksForNoLease(boolean ifFree) {
        AtomicBoolean asked = new AtomicBoolean();
        ingest.beforeLease.set(() -> asked.set(true));

        isNotThere(() -> ifFree
                ? ingest.appender.openIfFree(STRANGER, upload.id())
                : ingest.appender.open(STRANGER, upload.id()));
        isNotThere(() -> ingest.appender.judge(STRANGER, upload, 0));
        assertThat(asked).isFalse();
    }

    @Test
    void stranger_besideABody_disturbsAndRecordsNothing() {
        FedBody body = new FedBody(LENGTH).feed(new byte[40]);
        CompletableFuture<Upload> client = receive(body, Checksums.none());
        body.awaitTaken();
        LeaseHolder holder = ingest.leases.holder(upload.id()).orElseThrow();

        assertThat(ingest.lookup.findCurrent(STRANGER, upload.id())).isEmpty();
        isNotThere(() -> ingest.appender.open(STRANGER, upload.id()));

        assertThat(ingest.leases.holder(upload.id())).containsSame(holder);
        assertThat(ingest.offset(upload)).isZero();
        assertThat(ingest.lookup.findCurrent(ANYBODY, upload.id()))
                .hasValueSatisfying(row -> assertThat(row.offset()).isEqualTo(40));
        body.feed(new byte[60]).end();
        assertThat(client.join().offset()).isEqualTo(LENGTH);
    }

    private static void isNotThere(Supplier<?> request) {
        assertThatExceptionOfType(UploadNotFoundException.class).isThrownBy(request::get);
    }
}
