package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GET of an upload's URL, which tus leaves open: RFC 9110, sections 13 and 14; RFC 6266. */
class DownloadIT {

    private static final String TEXT = "0123456789";

    private final TusClient tus = TusServer.client();

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A finished upload comes back whole, with its length, a validator and Accept-Ranges")
    void get_ofAFinishedUpload() throws IOException {
        assertThat(tus.get(tus.finished(TEXT)))
                .hasStatus(200)
                .hasHeader("Content-Length", "10")
                .hasHeader("Accept-Ranges", "bytes")
                .hasHeader("ETag")
                .hasHeader("Last-Modified")
                .hasBody(TEXT);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("An unfinished upload is not served")
    void get_ofAnUnfinishedUpload() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "01234");
        assertThat(tus.get(upload)).isNoSuccess();
        URI deferred = tus.createDeferred();
        tus.append(deferred, 0, "01234");
        assertThat(tus.get(deferred)).isNoSuccess();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, bytes 0-0/10",
        "bytes=2-5, 2345, bytes 2-5/10",
        "bytes=7-, 789, bytes 7-9/10",
        "bytes=-3, 789, bytes 7-9/10",
        "bytes=8-1000, 89, bytes 8-9/10",
        "bytes=-1000, 0123456789, bytes 0-9/10",
        "'bytes=20-30,3-4', 34, bytes 3-4/10"
    })
    @Item(
            value = {},
            level = I)
    @DisplayName("D32 A range comes back alone, with 206 and Content-Range")
    void get_ofARange(String range, String bytes, String contentRange) throws IOException {
        assertThat(get(tus.finished(TEXT), "Range", range))
                .hasStatus(206)
                .hasHeader("Content-Range", contentRange)
                .hasHeader("Content-Length", Integer.toString(bytes.length()))
                .hasBody(bytes);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Several ranges come back as multipart/byteranges, in the order asked for")
    void get_ofSeveralRanges() throws IOException {
        RawResponse answer =
                get(tus.finished(TEXT.getBytes(UTF_8), "filetype aW1hZ2UvcG5n"), "Range", "bytes=0-1,4-5,-1");
        assertThat(answer).hasStatus(206).hasNoHeader("Content-Range");
        String type = answer.required("Content-Type");
        assertThat(type).startsWith("multipart/byteranges;");
        String boundary = type.replaceFirst(".*boundary=\"?([^\"]*)\"?", "$1");
        assertThat(answer.text().split("--" + boundary, -1)).hasSize(5).satisfies(parts -> {
            assertThat(parts[1])
                    .contains("Content-Range: bytes 0-1/10", "image/png")
                    .endsWith("\r\n\r\n01\r\n");
            assertThat(parts[2]).contains("Content-Range: bytes 4-5/10").endsWith("\r\n\r\n45\r\n");
            assertThat(parts[3]).contains("Content-Range: bytes 9-9/10").endsWith("\r\n\r\n9\r\n");
            assertThat(parts[4]).startsWith("--");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99-100,200-"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A range beyond the file is refused with 416 and the file's length")
    void get_ofARangeBeyondTheFile(String range) throws IOException {
        assertThat(get(tus.finished(TEXT), "Range", range))
                .hasStatus(416)
                .hasHeader("Content-Range", "bytes */10")
                .hasHeader("Tus-Resumable", "1.0.0");
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("An empty file has no range")
    void get_ofARangeOfAnEmptyFile() throws IOException {
        URI upload = tus.create(0);
        assertThat(get(upload, "Range", "bytes=0-")).hasStatus(200, 416);
        assertThat(tus.get(upload))
                .hasStatus(200)
                .hasHeader("Content-Length", "0")
                .hasNoBody();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-2", "bytes=a-b", "lines=1-2", "bytes", "bytes=", "bytes=1-2;3", "bytes=--1"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A Range header that is not understood is ignored")
    void get_ofARangeThatIsNotUnderstood(String range) throws IOException {
        assertThat(get(tus.finished(TEXT), "Range", range)).hasStatus(200, 416);
        assertThat(get(tus.finished(TEXT), "Range", "lines=1-2")).hasStatus(200).hasBody(TEXT);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Many overlapping ranges do not make as many copies (RFC 9110, section 17.15)")
    void get_ofVeryManyRanges() throws IOException {
        URI upload = tus.finished(TEXT.repeat(1000));
        for (int ranges : new int[] {1000, 60}) {
            RawResponse answer = get(upload, "Range", "bytes=" + "0-,".repeat(ranges) + "0-");
            assertThat(answer).hasStatus(200, 206, 400, 416);
            assertThat(answer.body().length)
                    .as("bytes for %d overlapping ranges", ranges)
                    .isLessThan(100_000);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("If-None-Match: 304 without a body when it has the validator, else the file")
    void get_ifNoneMatch() throws IOException {
        URI upload = tus.finished(TEXT);
        String etag = tus.get(upload).required("ETag");
        for (String same : new String[] {etag, "W/" + etag, "\"other\", " + etag, "*"}) {
            assertThat(get(upload, "If-None-Match", same))
                    .hasStatus(304)
                    .hasHeader("ETag", etag)
                    .hasNoBody();
        }
        assertThat(get(upload, "If-None-Match", "\"other\"")).hasStatus(200).hasBody(TEXT);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("If-Modified-Since: 304 when the file is not newer, else the file")
    void get_ifModifiedSince() throws IOException {
        URI upload = tus.finished(TEXT);
        String modified = tus.get(upload).required("Last-Modified");
        assertThat(get(upload, "If-Modified-Since", modified)).hasStatus(304).hasNoBody();
        assertThat(get(upload, "If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"))
                .hasStatus(200)
                .hasBody(TEXT);
        assertThat(get(upload, "If-Modified-Since", "nonsense")).hasStatus(200);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("If-Match and If-Unmodified-Since: 412 when they do not hold, else the file")
    void get_ifMatch() throws IOException {
        URI upload = tus.finished(TEXT);
        String etag = tus.get(upload).required("ETag");
        assertThat(get(upload, "If-Match", etag)).hasStatus(200).hasBody(TEXT);
        assertThat(get(upload, "If-Match", "*")).hasStatus(200);
        assertThat(get(upload, "If-Match", "\"other\"")).hasStatus(412);
        assertThat(get(upload, "If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"))
                .hasStatus(412);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("If-Range: the range when the validator holds, else the whole file")
    void get_ifRange() throws IOException {
        URI upload = tus.finished(TEXT);
        RawResponse whole = tus.get(upload);
        RawRequest range = RawRequest.of("GET", upload).header("Range", "bytes=2-3");
        for (String right : new String[] {whole.required("ETag"), whole.required("Last-Modified")}) {
            assertThat(tus.send(range.header("If-Range", right))).hasStatus(206, 200);
        }
        assertThat(tus.send(range.header("If-Range", whole.required("ETag"))))
                .hasStatus(206)
                .hasBody("23");
        for (String wrong :
                new String[] {"\"other\"", "W/" + whole.required("ETag"), "Sat, 01 Jan 2000 00:00:00 GMT", "nonsense"
                }) {
            assertThat(tus.send(range.header("If-Range", wrong))).hasStatus(200).hasBody(TEXT);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Two files have two validators, also when their bytes are equal in size")
    void get_validatorsDiffer() throws IOException {
        assertThat(tus.get(tus.finished("aaa")).required("ETag"))
                .isNotEqualTo(tus.get(tus.finished("bbb")).required("ETag"));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("GET needs no Tus-Resumable: browsers send none")
    void get_withoutAVersion() throws IOException {
        URI upload = tus.finished(TEXT);
        assertThat(tus.get(upload)).hasStatus(200).hasHeader("Tus-Resumable", "1.0.0");
        assertThat(tus.send(tus.request("GET", upload))).hasStatus(200).hasBody(TEXT);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Several GETs at once, whole and in ranges, while another upload and an empty PATCH go on")
    void get_severalAtOnce() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(7).nextBytes(content);
        URI upload = tus.finished(content, "");
        URI other = tus.create(6);
        try (RawHttp writer = tus.beginPatch(other, 0, 6).send("abc");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<byte[]> whole = () -> tus.download(upload);
            Callable<byte[]> range =
                    () -> get(upload, "Range", "bytes=1000000-1999999").body();
            var wholes =
                    threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> whole).toList());
            var ranges =
                    threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> range).toList());
            assertThat(tus.send(tus.patch(upload, content.length).body(""))).hasStatus(204);
            for (Future<byte[]> one : wholes) {
                assertThat(one.get()).isEqualTo(content);
            }
            for (Future<byte[]> one : ranges) {
                assertThat(one.get()).isEqualTo(Arrays.copyOfRange(content, 1_000_000, 2_000_000));
            }
            assertThat(writer.send("def").read()).hasStatus(204);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A client that reads slowly or goes away does not keep others from the file")
    void get_abandoned() throws IOException {
        byte[] content = new byte[8_000_000];
        URI upload = tus.finished(content, "");
        try (RawHttp slow = RawHttp.open(RawRequest.of("GET", upload))) {
            assertThat(tus.download(upload)).isEqualTo(content);
            slow.reset();
        }
        assertThat(tus.download(upload)).isEqualTo(content);
        assertThat(tus.delete(upload)).hasStatus(204);
        assertThat(tus.get(upload)).hasStatus(404, 410);
    }

    private RawResponse get(URI upload, String header, String value) throws IOException {
        return tus.send(RawRequest.of("GET", upload).header(header, value));
    }
}
