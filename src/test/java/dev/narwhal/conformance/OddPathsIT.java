package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that nobody can mean, with every method, over HTTP/1.1 and HTTP/2. {@code ID} stands for an upload's id. */
class OddPathsIT {

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "PATCH", "DELETE", "POST", "OPTIONS", "PUT", "FOO");

    private final TusClient tus = TusServer.client();

    @BeforeAll
    static void requireOwn() {
        TusServer.assumeOwn();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%2FID",
                "/%2FID",
                "/..%2F..%2Fetc%2Fpasswd",
                "/%5CID",
                "/%00",
                "/ID%00",
                "/ID%2F..",
                "/%",
                "/%zz",
                "/%ff",
                "//",
                "//ID",
                "/ID/",
                "/ID//",
                "/ID/..",
                "/./ID",
                "/../files/ID",
                "/%2e%2e/files/ID",
                "/;x",
                "/ID;x=1",
                ";x/ID",
                "/ID%20",
                "/%C3%A4",
                "/ID.",
                "/%49D"
            })
    @Item(
            value = {},
            level = I)
    @DisplayName("A path with a second spelling, or none, is refused with our headers, and touches nothing")
    void path_thatIsNoUploads_isRefused(String path) throws IOException {
        URI upload = tus.create(3);
        try (Http2Connection http2 = Http2Connection.open(upload)) {
            for (String method : METHODS) {
                RawRequest request = odd(method, upload, path);
                isRefused(tus.send(request));
                isRefused(http2.exchange(request));
            }
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ID|", "/\u00e4", "/{x}", "/\\", "/ID\\..", "/a b", "/ID#x", "/^", "/`", "/<x>", "?x=|"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A path with raw characters that none may have gets 400, over HTTP/2 a bare one")
    void path_ofForbiddenCharacters_isRefused(String path) throws IOException {
        URI upload = tus.create(3);
        try (Http2Connection http2 = Http2Connection.open(upload)) {
            for (String method : METHODS) {
                RawRequest request = odd(method, upload, path);
                assertThat(http2.exchange(request)).hasStatus(400);
                RawResponse answer = tus.send(request);
                assertThat(answer).hasStatus(400);
                if (!path.contains(" ")) {
                    isRefused(answer);
                }
            }
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/..", "/%2e%2e", "/../..", "/../%2e%2e/%2e%2e/etc/passwd", "/../index.html"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A path that leads out of the uploads leads nowhere")
    void path_thatLeadsOut_isRefused(String path) throws IOException {
        URI upload = tus.create(3);
        try (Http2Connection http2 = Http2Connection.open(upload)) {
            for (String method : METHODS) {
                RawRequest request = odd(method, upload, path);
                assertThat(tus.send(request)).hasStatus(400, 404, 405);
                assertThat(http2.exchange(request)).hasStatus(400, 404, 405);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/;a=%zz", "/index.html;%", "/%zz", "/nothing.json;x=%4"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A broken escape beside the uploads gets 400 as a problem document")
    void escape_isBroken(String path) throws IOException {
        for (String method : METHODS) {
            RawRequest request = tus.request(method, tus.creationUrl().resolve("/"));
            RawResponse answer = tus.send(request.target(path).header("Accept", "*/*"));
            assertThat(answer).hasStatus(400);
            if (!method.equals("HEAD")) {
                assertThat(answer).hasHeader("Content-Type", "application/problem+json");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 12_000})
    @Item(
            value = {},
            level = I)
    @DisplayName("A long path is refused like any other")
    void path_isLong(int length) throws IOException {
        path_thatIsNoUploads_isRefused("/" + "a".repeat(length));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A path beyond the limit for all headers gets 400 over HTTP/1.1; over HTTP/2 it gets a reset")
    void path_isTooLong() throws IOException {
        URI upload = tus.create(3);
        String path = "/" + "a".repeat(40_000);
        for (String method : METHODS) {
            assertThat(tus.send(odd(method, upload, path))).hasStatus(400, 414, 431);
        }
        try (Http2Connection http2 = Http2Connection.open(upload)) {
            Http2Stream stream = http2.send(odd("HEAD", upload, path));
            stream.readIfAny().ifPresent(answer -> assertThat(answer).hasStatus(400, 414, 431));
        }
        assertThat(tus.offset(upload)).isZero();
    }

    private RawRequest odd(String method, URI upload, String path) {
        String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
        return tus.patch(upload, 0)
                .method(method)
                .target("/files" + path.replace("ID", id))
                .header("Origin", "https://app.example.org")
                .body("");
    }

    private static void isRefused(RawResponse answer) {
        assertThat(answer)
                .hasStatus(400, 404, 405, 414)
                .hasHeader("Tus-Resumable", "1.0.0")
                .hasHeader("X-Content-Type-Options", "nosniff")
                .hasHeader("Access-Control-Allow-Origin");
    }
}
