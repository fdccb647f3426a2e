package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narwhal.client.resume.RememberedUploads;
import dev.narwhal.client.resume.UploadKey;
import dev.narwhal.client.transfer.FaultyTusServer.Fault;
import dev.narwhal.client.transfer.FaultyTusServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each failure that a server or a network can produce, against the library, a real socket and a real file. */
class TransferIT {

    private static final int SIZE = 3_000_000;
    private static final int REQUEST_SIZE = 1_000_000;

    @TempDir
    private Path directory;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private byte[] bytes = new byte[0];
    private Path file = Path.of("");
    private Duration silence = Duration.ofSeconds(30);
    private int retries = 5;
    private FaultyTusServer server;

    TransferIT() throws IOException {
        server = new FaultyTusServer();
    }

    @BeforeEach
    void aFile() throws IOException {
        bytes = new byte[SIZE];
        new Random(1).nextBytes(bytes);
        file = Files.write(directory.resolve("Wal ö.bin"), bytes);
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void run_noFault_sendsTheFileInRequestsOfTheGivenSize() throws Exception {
        TransferReport report = transfer().run();
        assertThat(report.size()).isEqualTo(SIZE);
        assertThat(report.sent()).isEqualTo(SIZE);
        assertThat(report.url()).isEqualTo(URI.create(server.endpoint() + "/0"));
        assertThat(server.patchOffsets()).containsExactly(0L, 1_000_000L, 2_000_000L);
        assertArrived(1);
        assertThat(said).isEmpty();
        assertThat(remembered().find(key())).isEmpty();
    }

    @Test
    void run_metadata_arrivesAsUtf8() throws Exception {
        transfer().run();
        String name = Base64.getEncoder().encodeToString("Wal ö.bin".getBytes(StandardCharsets.UTF_8));
        assertThat(server.metadata()).contains("filename " + name);
    }

    @Test
    void run_emptyFile_isCreatedAndNothingIsSent() throws Exception {
        bytes = new byte[0];
        Files.write(file, bytes);
        assertThat(transfer().run().size()).isZero();
        assertThat(server.patchOffsets()).isEmpty();
        assertArrived(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 423, 425, 429, 500, 502, 503, 504, 507})
    void run_passingStatusToPatch_goesOnWithTheSameUpload(int status) throws Exception {
        server.fails(Request.PATCH, new Fault.Cut(400_000)).fails(Request.PATCH, status);
        transfer().run();
        assertArrived(1);
        assertThat(server.patchOffsets()).startsWith(0L, 400_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 423, 429, 500, 503})
    void run_passingStatusToHead_keepsTheUpload(int status) throws Exception {
        server.fails(Request.PATCH, new Fault.Cut(400_000))
                .fails(Request.HEAD, status)
                .fails(Request.HEAD, status);
        transfer().run();
        assertArrived(1);
        assertThat(server.patchOffsets()).startsWith(0L, 400_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {423, 429, 500, 503})
    void run_passingStatusToPost_createsLater(int status) throws Exception {
        server.fails(Request.POST, status);
        transfer().run();
        assertArrived(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void run_uploadGone_startsAnew(int status) throws Exception {
        server.fails(Request.PATCH, new Fault.Cut(400_000)).fails(Request.HEAD, status);
        transfer().run();
        assertArrived(2);
        assertThat(server.patchOffsets()).startsWith(0L, 0L);
        assertThat(said).anyMatch(line -> line.contains("no longer has this upload (" + status + "); starting anew"));
    }

    @Test
    void run_eachUploadGoneAtOnce_endsAfterAFewStarts() {
        for (int i = 0; i < 10; i++) {
            server.fails(Request.PATCH, 404);
        }
        TransferFailedException failure = failure();
        assertThat(failure).hasMessageContaining("for the 4th time");
        assertThat(server.creations()).isEqualTo(4);
    }

    @Test
    void run_cutAgainAndAgain_sendsEachByteAboutOnce() throws Exception {
        retries = 1;
        for (int i = 0; i < 6; i++) {
            server.fails(Request.PATCH, new Fault.Cut(300_000));
        }
        transfer().run();
        assertArrived(1);
        assertThat(server.patchOffsets()).startsWith(0L, 300_000L, 600_000L, 900_000L, 1_200_000L, 1_500_000L);
    }

    @Test
    void run_lastAnswerLost_sendsNothingAgain() throws Exception {
        server.fails(Request.PATCH, new Fault.LostAnswer());
        transfer(SIZE).run();
        assertArrived(1);
        assertThat(server.patchOffsets()).containsExactly(0L);
    }

    @Test
    void run_serverTookLessThanSent_goesOnWhereTheServerIs() throws Exception {
        server.fails(Request.PATCH, new Fault.Part(700_000));
        transfer().run();
        assertArrived(1);
        assertThat(server.patchOffsets()).startsWith(0L, 700_000L);
    }

    @Test
    void run_serverStopsReading_isGivenUpAndContinued() throws Exception {
        bytes = new byte[40_000_000];
        Files.write(file, bytes);
        silence = Duration.ofSeconds(1);
        server.fails(Request.PATCH, new Fault.Hang(500_000));
        transfer(50_000_000).run();
        assertArrived(1);
        assertThat(server.patchOffsets()).containsExactly(0L, 500_000L);
        assertThat(said).anyMatch(line -> line.startsWith("nothing has moved for 1 s"));
    }

    @Test
    void run_serverDoesNotAnswer_isGivenUpAndContinued() throws Exception {
        silence = Duration.ofSeconds(1);
        server.fails(Request.PATCH, new Fault.Hang(REQUEST_SIZE));
        transfer().run();
        assertArrived(1);
        assertThat(server.patchOffsets()).startsWith(0L, 1_000_000L);
    }

    @Test
    void run_retryAfter_isWaitedFor() throws Exception {
        server.fails(Request.POST, new Fault.Status(503, Map.of("Retry-After", "2"), ""));
        TransferReport report = transfer().run();
        assertThat(report.time()).isGreaterThan(Duration.ofSeconds(2));
        assertThat(said).containsExactly("the server has a problem (503); trying again in 2 s");
    }

    @Test
    void run_refusedWithAProblem_saysItsSentence() {
        server.fails(Request.POST, new Fault.Status(413, Map.of(), "{\"detail\":\"Uploads have 1 MiB at most.\"}"));
        TransferFailedException failure = failure();
        assertThat(failure).hasMessage("it is too large for the server (413: Uploads have 1 MiB at most.)");
        assertThat(failure.isResumable()).isFalse();
    }

    @Test
    void run_serverGoneInTheMiddle_isGivenUpAndCanBeResumed() throws Exception {
        retries = 1;
        server.fails(Request.PATCH, new Fault.Cut(400_000))
                .fails(Request.HEAD, 503)
                .fails(Request.HEAD, 503);
        TransferFailedException failure = failure();
        assertThat(failure).hasMessage("the server has a problem (503); given up after 2 tries");
        assertThat(failure.isResumable()).isTrue();

        TransferReport report = transfer().run();
        assertThat(report.sent()).isEqualTo(SIZE - 400_000);
        assertThat(report.continuedEarlierRun()).isTrue();
        assertArrived(1);
    }

    @Test
    void run_nobodyListens_namesTheServer() {
        retries = 1;
        server.close();
        assertThat(failure())
                .hasMessageStartingWith("no connection to 127.0.0.1:")
                .hasMessageEndingWith("2 tries");
    }

    @Test
    void run_rememberedUploadOfAnotherSize_startsAnew() throws Exception {
        remembered().remember(key(), server.upload(SIZE + 1, new byte[0]));
        transfer().run();
        assertArrived(2);
    }

    @Test
    void run_rememberedUploadThatIsComplete_sendsNothing() throws Exception {
        remembered().remember(key(), server.upload(SIZE, bytes));
        assertThat(transfer().run().sent()).isZero();
        assertThat(server.patchOffsets()).isEmpty();
        assertThat(remembered().find(key())).isEmpty();
    }

    @Test
    void run_rememberedUploadInTheMiddle_sendsTheRest() throws Exception {
        remembered().remember(key(), server.upload(SIZE, Arrays.copyOf(bytes, 1_234_567)));
        assertThat(transfer().run().sent()).isEqualTo(SIZE - 1_234_567);
        assertArrived(1);
    }

    @Test
    void run_fileGrowsWhileItIsSent_isNotCompleted() throws Exception {
        server.fails(Request.PATCH, new Fault.Cut(400_000));
        Transfer transfer = transfer(REQUEST_SIZE, new RecordingView(said) {
            @Override
            public void says(String sentence) {
                super.says(sentence);
                append(file);
            }
        });
        TransferFailedException failure = catchThrowableOfType(TransferFailedException.class, transfer::run);
        assertThat(failure).hasMessageStartingWith("changed while it was uploaded");
        assertThat(server.content()).hasSizeLessThan(SIZE);
    }

    private TransferFailedException failure() {
        return catchThrowableOfType(
                TransferFailedException.class, () -> transfer().run());
    }

    private void assertArrived(int creations) {
        assertThat(server.content()).isEqualTo(bytes);
        assertThat(server.creations()).isEqualTo(creations);
    }

    private Transfer transfer() throws IOException {
        return transfer(REQUEST_SIZE);
    }

    private Transfer transfer(int requestSize) throws IOException {
        return transfer(requestSize, new RecordingView(said));
    }

    private Transfer transfer(int requestSize, TransferView view) throws IOException {
        SourceFile source = SourceFile.of(file);
        Transfer.Conditions conditions = new Transfer.Conditions(
                new Server(server.endpoint(), Map.of(), silence),
                requestSize,
                new Pacer(0, System::nanoTime),
                new Backoff(new SplittableRandom(1)),
                System::nanoTime,
                failure -> {});
        Patience patience = new Patience(retries, Duration.ofMinutes(1), System::nanoTime);
        UploadMemory memory = new UploadMemory(Optional.of(remembered()), key(), view::says);
        return new Transfer(conditions, source, Metadata.of(source, Map.of()), memory, patience, view);
    }

    private UploadKey key() throws IOException {
        SourceFile source = SourceFile.of(file);
        return new UploadKey(source.path(), source.size(), source.modified(), server.endpoint());
    }

    private RememberedUploads remembered() {
        return new RememberedUploads(directory.resolve("state"), Clock.systemUTC());
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private static class RecordingView implements TransferView {

        private final List<String> said;

        RecordingView(List<String> said) {
            this.said = said;
        }

        @Override
        public void continuesAt(long offset) {}

        @Override
        public void reaches(long position) {}

        @Override
        public void says(String sentence) {
            said.add(sentence);
        }

        @Override
        public void close() {}
    }
}
