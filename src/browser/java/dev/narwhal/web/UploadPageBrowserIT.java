package dev.narwhal.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.web.Browser.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The upload page in a real browser, against the jar as a process. */
@Tag("browser")
class UploadPageBrowserIT {

    private static final int MIB = 1 << 20;
    private static final String UPLOAD = ".uppy-StatusBar-actionBtn--upload";
    private static final String COMPLETE = ".uppy-StatusBar.is-complete";
    private static final String STORED_URL = "Object.keys(localStorage).filter(key => key.startsWith('tus::'))"
            + ".map(key => JSON.parse(localStorage[key]).uploadUrl)[0] ?? null";

    @TempDir
    static Path directory;

    private static NarwhalProcess server;

    private Browser browser;

    @BeforeAll
    static void startServer() throws IOException {
        server = NarwhalProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void openPage() {
        browser = new Browser();
        browser.open(server.root());
    }

    @AfterEach
    void pageKeptToItself() {
        try (Browser closed = browser) {
            assertThat(closed.requests())
                    .extracting(Request::url)
                    .allSatisfy(url -> assertThat(url).matches("(blob:)?" + server.root() + ".*|data:.*|about:blank"));
            assertThat(closed.console())
                    .noneSatisfy(line ->
                            assertThat(line).containsAnyOf("Content Security Policy", "Uncaught", "Refused to"));
        }
    }

    @Test
    void chosenFile_arrivesByteIdenticalAndIsLinked() throws Exception {
        Path file = randomFile("Überfahrt 1.bin", 3 * MIB + 1);
        browser.choose(file);
        browser.click(UPLOAD);
        browser.await(COMPLETE);

        URI link = finishedLink();
        DeliveredFiles.in(server.delivered()).assertHolds(link, file);
        assertThat(get(link)).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void reloadInTheMiddle_goesOnAtTheOffset() throws Exception {
        Path file = randomFile("reload.bin", 8 * MIB);
        URI upload = uploadUntil(file, 2 * MIB);
        long reached = head(upload);
        int before = browser.requests().size();

        browser.reload();
        Request first = awaitPatch(before);
        browser.throttleUploads(-1);
        browser.await(COMPLETE);

        assertThat(first.offset()).isBetween(reached, 8L * MIB - 1);
        assertThat(first.url()).isEqualTo(upload.toString());
        assertThat(since(before)).noneMatch(request -> request.method().equals("POST"));
        DeliveredFiles.in(server.delivered()).assertHolds(upload, file);
    }

    @Test
    void serverKilledInTheMiddle_goesOnByItselfAfterItsRestart() throws Exception {
        Path file = randomFile("restart.bin", 8 * MIB);
        URI upload = uploadUntil(file, 2 * MIB);
        int before = browser.requests().size();
        server.kill();
        server.restart();
        browser.throttleUploads(-1);
        browser.await(COMPLETE);

        assertThat(since(before)).noneMatch(request -> request.method().equals("POST"));
        assertThat(awaitPatch(before).offset()).isPositive();
        DeliveredFiles.in(server.delivered()).assertHolds(upload, file);
    }

    @Test
    void pause_stopsTheUploadAndResumeGoesOn() throws Exception {
        Path file = randomFile("pause.bin", 8 * MIB);
        URI upload = uploadUntil(file, MIB);
        browser.click(".uppy-StatusBar-actionCircleBtn[title=Pause]");
        browser.await(".uppy-StatusBar-actionCircleBtn[title=Resume]");
        int before = browser.requests().size();
        browser.throttleUploads(-1);
        browser.click(".uppy-StatusBar-actionCircleBtn[title=Resume]");
        browser.await(COMPLETE);

        assertThat(awaitPatch(before).offset()).isGreaterThanOrEqualTo(MIB);
        DeliveredFiles.in(server.delivered()).assertHolds(upload, file);
    }

    @Test
    void cancel_removesTheUploadFromTheServer() throws Exception {
        URI upload = uploadUntil(randomFile("cancel.bin", 8 * MIB), MIB);
        browser.click(".uppy-StatusBar-actionCircleBtn[title=Cancel]");

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> status(upload) == 404);
    }

    @Test
    void chosenFiles_areSaidToBeNotSentYet_anEmptyOneWithItsSize() throws Exception {
        browser.choose(randomFile("empty.bin", 0));

        assertThat(browser.await(".uppy-DashboardContent-title").getText()).isEqualTo("1 file, not sent yet");
        assertThat(browser.await(".uppy-Dashboard-Item-status").getText()).isEqualTo("0 B");
    }

    @Test
    void narrowWindow_statusEndsBeforeItsButtons() throws Exception {
        browser.narrow();
        uploadUntil(randomFile("narrow with a long name.bin", 8 * MIB), MIB);

        browser.await(".uppy-StatusBar-additionalInfo");
        assertThat(browser.evaluate("document.querySelector('.uppy-StatusBar-status').getBoundingClientRect().right"
                        + " <= document.querySelector('.uppy-StatusBar-actions').getBoundingClientRect().left"))
                .isEqualTo(true);
    }

    @Test
    void tooLargeFile_isRefusedInWords() throws Exception {
        try (NarwhalProcess small = NarwhalProcess.start(directory.resolve("small"), "--narwhal.upload.max-size=1MB");
                Browser other = new Browser()) {
            other.open(small.root());
            other.choose(randomFile("large.bin", MIB + 1));

            assertThat(other.await(".uppy-Informer").getText()).contains("exceeds maximum allowed size of 1 MB");
        }
    }

    @Test
    void serverWithoutRoom_isQuotedInWords() throws Exception {
        try (NarwhalProcess full = NarwhalProcess.start(directory.resolve("full"), "--narwhal.staging.reserve=1000TB");
                Browser other = new Browser()) {
            other.open(full.root());
            other.choose(randomFile("no room.bin", MIB));
            other.click(UPLOAD);

            String words = other.await("#trouble").getText();
            assertThat(words).startsWith("no room.bin: ").doesNotContain("tus:", "{", "507");
        }
    }

    @Test
    void uploadedVideo_plays() throws Exception {
        Path file = directory.resolve("one second.mp4");
        try (InputStream video = getClass().getResourceAsStream("one-second.mp4")) {
            Files.copy(Objects.requireNonNull(video), file);
        }
        assertPlays(file, "1.0");
    }

    @Test
    void uploadedSound_plays() throws Exception {
        AudioFormat format = new AudioFormat(8000, 8, 1, false, false);
        Path file = directory.resolve("half a second.wav");
        try (AudioInputStream silence = new AudioInputStream(new ByteArrayInputStream(new byte[4000]), format, 4000)) {
            AudioSystem.write(silence, AudioFileFormat.Type.WAVE, file.toFile());
        }
        assertPlays(file, "0.5");
    }

    /** By the browser's own page around it, which obeys the policy of the answer. */
    private void assertPlays(Path file, String seconds) {
        browser.choose(file);
        browser.click(UPLOAD);
        browser.await(COMPLETE);
        browser.visit(finishedLink());
        browser.evaluate("Object.assign(document.querySelector('video'), {muted: true}).play()");

        Awaitility.await("the end of " + file)
                .atMost(Duration.ofSeconds(20))
                .until(() -> browser.evaluate("document.querySelector('video').ended"), Boolean.TRUE::equals);
        assertThat(browser.evaluate("document.querySelector('video').duration.toFixed(1)"))
                .isEqualTo(seconds);
    }

    /** Sends slowly, so that the middle lasts seconds, and returns when the server says that it has so many bytes. */
    private URI uploadUntil(Path file, long bytes) {
        browser.throttleUploads(MIB);
        browser.choose(file);
        browser.click(UPLOAD);
        URI upload = Awaitility.await("the upload's URL")
                .until(() -> browser.evaluate(STORED_URL), Objects::nonNull)
                .toString()
                .transform(URI::create);
        Awaitility.await("offset " + bytes).atMost(Duration.ofSeconds(30)).until(() -> head(upload) >= bytes);
        return upload;
    }

    private Request awaitPatch(int from) {
        return Awaitility.await("a PATCH")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> since(from).stream()
                                .filter(sent -> sent.method().equals("PATCH"))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private List<Request> since(int from) {
        List<Request> all = browser.requests();
        return all.subList(from, all.size());
    }

    private URI finishedLink() {
        return URI.create(
                Objects.requireNonNull(browser.await("#finished-list a").getAttribute("href")));
    }

    private static Path randomFile(String name, int size) throws IOException {
        byte[] content = new byte[size];
        new Random(name.hashCode()).nextBytes(content);
        return Files.write(directory.resolve(name), content);
    }

    private static byte[] get(URI uri) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray())
                    .body();
        }
    }

    private static long head(URI upload) throws IOException, InterruptedException {
        return sendHead(upload).headers().firstValueAsLong("Upload-Offset").orElse(-1);
    }

    private static int status(URI upload) throws IOException, InterruptedException {
        return sendHead(upload).statusCode();
    }

    private static HttpResponse<Void> sendHead(URI upload) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest head = HttpRequest.newBuilder(upload)
                    .header("Tus-Resumable", "1.0.0")
                    .HEAD()
                    .build();
            return http.send(head, BodyHandlers.discarding());
        }
    }
}
