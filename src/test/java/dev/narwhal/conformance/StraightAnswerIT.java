package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Delivered files over HTTP/1.1, which the kernel sends as fast as the client reads. */
@Timeout(value = 60, unit = SECONDS)
class StraightAnswerIT {

    private static TusClient tus;

    @BeforeAll
    static void server() throws IOException {
        TusServer.assumeOwn();
        tus = TusServer.client();
    }

    /** More than the system's buffers of a connection hold. */
    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A client that begins to read late gets the whole file")
    void clientThatReadsLate_getsTheWholeFile() throws IOException {
        byte[] content = random(24_000_000);
        URI upload = delivered(content);
        try (RawHttp slow = RawHttp.open(RawRequest.of("GET", upload))) {
            assertThat(tus.download(upload)).isEqualTo(content);
            assertThat(tus.download(upload)).isEqualTo(content);
            assertThat(slow.read().body()).isEqualTo(content);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Files, ranges and other requests in turn on one connection")
    void filesRangesAndOtherRequests_onOneConnection() throws IOException {
        byte[] content = random(300_001);
        URI upload = delivered(content);
        RawRequest whole = RawRequest.of("GET", upload);
        RawRequest range = RawRequest.of("GET", upload).header("Range", "bytes=7-200006");
        RawRequest small = RawRequest.of("GET", upload).header("Range", "bytes=300000-");
        try (RawHttp http = RawHttp.connect(upload)) {
            for (int i = 0; i < 3; i++) {
                assertThat(http.send(whole).read().body()).isEqualTo(content);
                RawResponse part = http.send(range).read();
                assertThat(part).hasStatus(206).hasHeader("Content-Range", "bytes 7-200006/300001");
                assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 7, 200_007));
                assertThat(http.send(small).read().body()).containsExactly(content[300_000]);
                assertThat(http.send(tus.request("HEAD", upload)).read()).hasStatus(200);
            }
        }
    }

    /** The container takes it for a HEAD, whatever the server makes of it. */
    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A HEAD that asks to be taken for a GET has no body")
    void headWithAnOverride_hasNoBody() throws IOException {
        byte[] content = random(300_001);
        URI upload = delivered(content);
        try (RawHttp http = RawHttp.connect(upload)) {
            for (int i = 0; i < 2; i++) {
                RawRequest head = tus.request("HEAD", upload).header("X-HTTP-Method-Override", "GET");
                assertThat(http.send(head).read()).hasStatus(200);
                assertThat(http.send(RawRequest.of("GET", upload)).read().body())
                        .isEqualTo(content);
            }
        }
    }

    private static URI delivered(byte[] content) throws IOException {
        URI upload = tus.finished(content, "");
        String path = upload.getPath();
        UploadId id = UploadId.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow();
        UploadRepository uploads = ServerInProcess.shared().context().getBean(UploadRepository.class);
        Awaitility.await().until(() -> uploads.find(id).map(Upload::state).orElseThrow() == UploadState.DELIVERED);
        return upload;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
