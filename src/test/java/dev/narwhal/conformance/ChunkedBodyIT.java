package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies in chunks over HTTP/1.1, with chunks of every size, cut into packets at every place. */
@Timeout(value = 60, unit = SECONDS)
class ChunkedBodyIT {

    private static final int LARGE = 64 << 10;

    private static TusClient tus;

    @BeforeAll
    static void server() throws IOException {
        TusServer.assumeOwn();
        tus = TusServer.client();
    }

    /** Packets that end within a chunk's size, or its end, must not be taken for the chunk's bytes. */
    @ParameterizedTest
    @CsvSource({
        "1000000, 65536, 1000000",
        "1000000, 65536, 9973",
        "400000, 65536, 65543",
        "400000, 65536, 65540",
        "400000, 131072, 65537",
        "200000, 8192, 8193",
        "200000, 100, 4099",
        "30000, 20000, 3",
        "3000000, 1500000, 1048576"
    })
    @Item(
            value = {},
            level = I)
    @DisplayName("Chunks of one size, in packets of another, then the next request")
    void chunksOfOneSize_inPacketsOfAnother_thenTheNextRequest(int size, int chunk, int packet) throws IOException {
        byte[] content = random(size);
        URI upload = tus.create(size);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(patch(upload));
        for (int from = 0; from < size; from += chunk) {
            write(sent, Arrays.copyOfRange(content, from, Math.min(size, from + chunk)), "");
        }
        sent.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        sent.writeBytes(head(upload));
        expectAll(upload, sent.toByteArray(), packet, content);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Large and small chunks in turn, with extensions and trailers, then the next request")
    void largeAndSmallChunks_withExtensionsAndTrailers_thenTheNextRequest() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int i = 1; i <= 40; i++) {
            byte[] bytes = random(i % 3 == 0 ? LARGE + i : i);
            content.writeBytes(bytes);
            write(chunks, bytes, i % 4 == 0 ? ";" + "name".repeat(i) + "=value" : "");
        }
        URI upload = tus.create(content.size());
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(patch(upload));
        sent.writeBytes(chunks.toByteArray());
        sent.writeBytes(("0\r\nX-Trailer: " + "t".repeat(100) + "\r\n\r\n").getBytes(ISO_8859_1));
        sent.writeBytes(head(upload));
        expectAll(upload, sent.toByteArray(), 10_007, content.toByteArray());
    }

    private static void expectAll(URI upload, byte[] sent, int packet, byte[] content) throws IOException {
        try (RawHttp http = RawHttp.connect(upload)) {
            for (int from = 0; from < sent.length; from += packet) {
                http.send(Arrays.copyOfRange(sent, from, Math.min(sent.length, from + packet)));
                Thread.yield();
            }
            assertThat(http.answering(tus.patch(upload, 0)).read())
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", String.valueOf(content.length));
            assertThat(http.answering(tus.request("HEAD", upload)).read())
                    .hasStatus(200)
                    .hasHeader("Upload-Offset", String.valueOf(content.length));
        }
        tus.holds(upload, content);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("What comes in place of a large chunk's end is refused, and the bytes before it are kept")
    void endOfALargeChunk_thatIsWrong_isRefused() throws IOException {
        byte[] content = random(LARGE);
        URI upload = tus.create(2L * LARGE);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(patch(upload)).send("10000\r\n").send(content).send("xx10000\r\n");
            assertThat(http.answering(tus.patch(upload, 0)).read()).hasStatus(400);
        }
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", String.valueOf(LARGE));
    }

    private static void write(ByteArrayOutputStream out, byte[] chunk, String extension) {
        out.writeBytes((Integer.toHexString(chunk.length) + extension + "\r\n").getBytes(ISO_8859_1));
        out.writeBytes(chunk);
        out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }

    private static byte[] patch(URI upload) {
        return ("PATCH " + upload.getRawPath() + " HTTP/1.1\r\nHost: " + upload.getAuthority()
                        + "\r\nTus-Resumable: 1.0.0\r\nContent-Type: " + TusClient.OFFSET_TYPE
                        + "\r\nUpload-Offset: 0\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] head(URI upload) {
        return ("HEAD " + upload.getRawPath() + " HTTP/1.1\r\nHost: " + upload.getAuthority()
                        + "\r\nTus-Resumable: 1.0.0\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
