package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.narwhal.ingest.Checksums.When;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.TransientDataAccessResourceException;

/** Of a body that has a checksum no byte counts before its verification, however it ends. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class VerifiedBodyIT {

    private static final int BEGIN = 10;
    private static final int SIZE = 3_000_000;

    @TempDir
    Path folder;

    private final byte[] content = random(SIZE, 1);
    private final byte[] body = Arrays.copyOfRange(content, BEGIN, SIZE);
    private IngestFixture ingest;
    private Upload upload;

    @BeforeEach
    void begin() throws IOException {
        ingest = new IngestFixture(folder);
        upload = ingest.create((long) SIZE);
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            session.receive(FedBody.whole(Arrays.copyOf(content, BEGIN)), SIZE, Checksums.none());
        }
    }

    @AfterEach
    void end() {
        ingest.close();
    }

    @ParameterizedTest
    @EnumSource
    void receive_rightChecksum_recordsTheBody(When when) throws IOException {
        Upload after;
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            after = session.receive(FedBody.whole(body), SIZE, Checksums.of(body, when));
        }
        assertThat(after.offset()).isEqualTo(SIZE);
        assertThat(after.state()).isEqualTo(UploadState.FINISHED);
        isWholeAndRight();
    }

    @ParameterizedTest
    @EnumSource
    void receive_wrongChecksum_leavesEverythingAsItWas(When when) throws IOException {
        byte[] spoilt = body.clone();
        spoilt[body.length - 1]++;
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            assertThatThrownBy(() -> session.receive(FedBody.whole(spoilt), SIZE, Checksums.of(body, when)))
                    .asInstanceOf(type(ChecksumMismatchException.class))
                    .extracting(ChecksumMismatchException::offset)
                    .isEqualTo((long) BEGIN);
        }
        isAsBefore();
        goesOn();
    }

    @ParameterizedTest
    @EnumSource
    void receive_wrongChecksumOfNothing_isAMismatch(When when) throws IOException {
        Upload finished = ingest.create(0L);
        try (AppendSession session = ingest.appender.open(ANYBODY, finished.id())) {
            assertThatThrownBy(() -> session.receive(new FedBody(0).end(), 0, Checksums.of(body, when)))
                    .isInstanceOf(ChecksumMismatchException.class);
            session.receive(new FedBody(0).end(), 0, Checksums.of(new byte[0], when));
        }
    }

    @ParameterizedTest
    @EnumSource(BodyInterruptedException.Reason.class)
    void receive_bodyEndsEarly_leavesEverythingAsItWas(BodyInterruptedException.Reason reason) throws IOException {
        for (When when : When.values()) {
            FedBody cut = new FedBody(body.length)
                    .feed(Arrays.copyOf(body, body.length - 1))
                    .breakOff(reason);
            try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
                assertThatThrownBy(() -> session.receive(cut, SIZE, Checksums.of(body, when)))
                        .isInstanceOf(BodyInterruptedException.class);
            }
            isAsBefore();
            assertThat(ingest.interruptions)
                    .last()
                    .isEqualTo(upload.id() + "@" + BEGIN + " " + reason.name().toLowerCase(Locale.ROOT));
        }
        goesOn();
    }

    @ParameterizedTest
    @EnumSource
    void receive_bodyIsTooLong_leavesEverythingAsItWas(When when) throws IOException {
        FedBody tooLong = new FedBody(-1).feed(body).feed(new byte[1]).end();
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            assertThatThrownBy(() -> session.receive(tooLong, SIZE, Checksums.of(body, when)))
                    .asInstanceOf(type(BodyTooLargeException.class))
                    .extracting(BodyTooLargeException::offset)
                    .isEqualTo((long) BEGIN);
        }
        isAsBefore();
        goesOn();
    }

    @Test
    void receive_refusedForItsTrailer_recordsNothing() throws IOException {
        IOException refused = new IOException("as the test wants");
        for (Verification verification : new Verification[] {
            Checksums.of(body, When.AFTER, () -> fail(refused)), Checksums.none(() -> fail(refused))
        }) {
            try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
                assertThatThrownBy(() -> session.receive(FedBody.whole(body), SIZE, verification))
                        .isSameAs(refused);
                assertThat(ingest.appender.judge(ANYBODY, upload, BEGIN))
                        .as("the same again, before the refused request has given the lease back")
                        .isEqualTo(OffsetVerdict.POSSIBLE);
            }
            assertThat(ingest.offset(upload)).isEqualTo(BEGIN);
        }
        goesOn();
    }

    @ParameterizedTest
    @EnumSource
    void receive_longBody_hasNoCheckpoints(When when) throws Exception {
        byte[] mebibyte = random(1 << 20, 2);
        Upload large = ingest.create(1L << 30);
        FedBody fed = new FedBody(1 << 30);
        try (Running running = start(large, fed, Checksums.of(body, when))) {
            for (int i = 0; i < Checkpoints.MOST_BYTES / mebibyte.length + 1; i++) {
                fed.feed(mebibyte);
            }
            fed.awaitTaken();
            // For longer than a poller of HEAD has to wait before something is recorded for it.
            Awaitility.await()
                    .during(Duration.ofMillis(600))
                    .until(() -> ingest.lookup
                                    .findCurrent(ANYBODY, large.id())
                                    .orElseThrow()
                                    .offset()
                            == 0);
            assertThat(running.result()).isNotDone();
            fed.breakOff(BodyInterruptedException.Reason.CUT);
        }
        assertThat(ingest.offset(large)).isZero();
        assertThat(ingest.staged(large.id())).isZero();
    }

    /** The same without a checksum, to see that the test above sees something. */
    @Test
    void receive_longBodyWithoutAChecksum_hasCheckpoints() throws Exception {
        byte[] mebibyte = random(1 << 20, 2);
        Upload large = ingest.create(1L << 30);
        FedBody fed = new FedBody(1 << 30);
        try (Running running = start(large, fed, Checksums.none())) {
            for (int i = 0; i < Checkpoints.MOST_BYTES / mebibyte.length + 1; i++) {
                fed.feed(mebibyte);
            }
            fed.awaitTaken();
            // All full buffers of the first 48 MiB, beside the reader, or everything at 64 MiB if their sync took that
            // long.
            assertThat(ingest.offset(large)).isGreaterThan(Checkpoints.MANY_BYTES - mebibyte.length);
            assertThat(running.result()).isNotDone();
            fed.breakOff(BodyInterruptedException.Reason.CUT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takeover_whileTheBodyComes_beginsWhereTheBodyBegan(When when) throws Exception {
        FedBody dead = new FedBody(body.length).feed(random(SIZE / 2, 3));
        try (Running running = start(upload, dead, Checksums.of(body, when))) {
            dead.awaitTaken();
            assertThat(ingest.appender.judge(ANYBODY, upload, BEGIN)).isEqualTo(OffsetVerdict.POSSIBLE);
            assertThat(ingest.appender.judge(ANYBODY, upload, BEGIN + 1)).isEqualTo(OffsetVerdict.WRONG);
            assertThat(ingest.appender.judge(ANYBODY, upload, SIZE / 2)).isEqualTo(OffsetVerdict.WRONG);
            try (AppendSession successor = ingest.appender.open(ANYBODY, upload.id())) {
                assertThat(successor.isTakenOver()).isTrue();
                assertThat(successor.upload().offset()).isEqualTo(BEGIN);
                assertThat(successor.overtook(BEGIN)).isFalse();
                isAsBefore();
                successor.receive(FedBody.whole(body), SIZE, Checksums.of(body, when));
            }
            dead.feed(random(SIZE / 4, 4)).end();
            running.endsWith(UploadOvertakenException.class);
        }
        isWholeAndRight();
    }

    @ParameterizedTest
    @EnumSource
    void takeover_whenAllHasComeButIsNotCompared_beginsWhereTheBodyBegan(When when) throws Exception {
        CountDownLatch whole = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Verification slow = Checksums.of(body, when, () -> {
            whole.countDown();
            await(goOn);
        });
        try (Running running = start(upload, FedBody.whole(body), slow)) {
            await(whole);
            assertThat(ingest.appender.judge(ANYBODY, upload, BEGIN)).isEqualTo(OffsetVerdict.POSSIBLE);
            assertThat(ingest.appender.judge(ANYBODY, upload, SIZE)).isEqualTo(OffsetVerdict.WRONG);
            try (AppendSession successor = ingest.appender.open(ANYBODY, upload.id())) {
                assertThat(successor.upload().offset()).isEqualTo(BEGIN);
                goOn.countDown();
                running.endsWith(UploadOvertakenException.class);
                isAsBefore();
                successor.receive(FedBody.whole(body), SIZE, Checksums.none());
            }
        }
        isWholeAndRight();
    }

    @Test
    void judge_afterSomebodyWasToldTheOldOffset_saysOvertaken() throws Exception {
        int half = SIZE / 2;
        byte[] first = Arrays.copyOfRange(content, BEGIN, half);
        FedBody fed = new FedBody(-1).feed(first);
        try (Running running = start(upload, fed, Checksums.of(first, When.BEFORE))) {
            fed.awaitTaken();
            assertThat(ingest.lookup
                            .findCurrent(ANYBODY, upload.id())
                            .orElseThrow()
                            .offset())
                    .isEqualTo(BEGIN);
            fed.end();
            assertThat(running.result().get().offset()).isEqualTo(half);
        }
        Upload now = ingest.uploads.find(upload.id()).orElseThrow();
        assertThat(ingest.appender.judge(ANYBODY, now, BEGIN)).isEqualTo(OffsetVerdict.OVERTAKEN);
        assertThat(ingest.appender.judge(ANYBODY, now, half)).isEqualTo(OffsetVerdict.POSSIBLE);
        assertThat(ingest.appender.judge(ANYBODY, now, half + 1)).isEqualTo(OffsetVerdict.WRONG);
    }

    @Test
    void judge_whenNobodyAskedInBetween_saysWrong() throws IOException {
        int half = SIZE / 2;
        byte[] first = Arrays.copyOfRange(content, BEGIN, half);
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            session.receive(new FedBody(-1).feed(first).end(), SIZE, Checksums.of(first, When.BEFORE));
        }
        Upload now = ingest.uploads.find(upload.id()).orElseThrow();
        assertThat(ingest.appender.judge(ANYBODY, now, BEGIN)).isEqualTo(OffsetVerdict.WRONG);
    }

    @Test
    void judge_withinAVerifiedBodyThatIsRecorded_saysOvertaken() throws IOException {
        int half = SIZE / 2;
        byte[] first = Arrays.copyOfRange(content, BEGIN, half);
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            session.receive(new FedBody(-1).feed(first).end(), SIZE, Checksums.of(first, When.AFTER));
            assertThat(ingest.appender.judge(ANYBODY, upload, half)).isEqualTo(OffsetVerdict.POSSIBLE);
            assertThat(ingest.appender.judge(ANYBODY, upload, BEGIN)).isEqualTo(OffsetVerdict.OVERTAKEN);
        }
    }

    /** What a commit may have recorded must not be cut off, although its answer was lost. */
    @ParameterizedTest
    @EnumSource
    void receive_databaseLosesItsAnswer_keepsTheVerifiedBytes(When when) throws IOException {
        RuntimeException lost = new TransientDataAccessResourceException("as the test wants");
        ingest.lostAnswer.set(lost);
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            assertThatThrownBy(() -> session.receive(FedBody.whole(body), SIZE, Checksums.of(body, when)))
                    .isSameAs(lost);
        }
        assertThat(ingest.offset(upload)).isEqualTo(SIZE);
        isWholeAndRight();
    }

    private void isAsBefore() throws IOException {
        assertThat(ingest.offset(upload)).isEqualTo(BEGIN);
        assertThat(ingest.staged(upload.id())).isEqualTo(BEGIN);
    }

    private void goesOn() throws IOException {
        try (AppendSession session = ingest.appender.open(ANYBODY, upload.id())) {
            assertThat(session.upload().offset()).isEqualTo(BEGIN);
            session.receive(FedBody.whole(body), SIZE, Checksums.of(body, When.AFTER));
        }
        isWholeAndRight();
    }

    private void isWholeAndRight() throws IOException {
        ByteBuffer read = ByteBuffer.allocate(SIZE);
        try (StagedContent staged = ingest.staging.read(upload.id(), SIZE)) {
            while (read.hasRemaining()) {
                assertThat(staged.read(read, read.position())).isPositive();
            }
        }
        assertThat(read.array()).isEqualTo(content);
        assertThat(ingest.offset(upload)).isEqualTo(SIZE);
    }

    /** A request on a thread of its own. */
    private Running start(Upload target, FedBody fed, Verification verification) {
        AppendSession session = ingest.appender.open(ANYBODY, target.id());
        CompletableFuture<Upload> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (session) {
                result.complete(session.receive(fed, Objects.requireNonNull(target.length()), verification));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return new Running(result);
    }

    private record Running(CompletableFuture<Upload> result) implements AutoCloseable {

        void endsWith(Class<? extends Exception> failure) {
            assertThatThrownBy(result::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(failure);
        }

        /** Waits for its end, good or bad. */
        @Override
        public void close() {
            result.exceptionally(e -> null).orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private static void fail(IOException failure) throws IOException {
        throw failure;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
