package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that cannot be run here (telephones, browsers): headers as their sources have them, put together by hand. */
@Tag("process")
class ClientReplayIT extends OneServer {

    private Wire wire;

    @BeforeEach
    void connect() throws IOException {
        wire = new Wire(server.root());
    }

    @AfterEach
    void disconnect() throws IOException {
        wire.close();
    }

    /** Older ones join metadata with ", " and call the file fileName; the version header is TUS-Resumable. */
    @Test
    void tusKit_creates_sendsAChunk_asksAndSendsTheRest() throws IOException {
        String upload = wire.send("""
                POST /files HTTP/1.1
                Host: {host}
                Accept: */*
                TUS-Resumable: 1.0.0
                Upload-Extension: creation
                Upload-Metadata: fileName aG9saWRheS5tb3Y=, filetype dmlkZW8vcXVpY2t0aW1l
                User-Agent: Photos/1 CFNetwork/1410.0.3 Darwin/22.6.0
                Upload-Length: 10
                Accept-Language: de-DE,de;q=0.9
                Content-Length: 0
                Accept-Encoding: gzip, deflate
                Connection: keep-alive
                """).is(201).location();
        tusKitPatch(upload, 0, "01234").is(204).has("Upload-Offset", "5");
        // It takes a HEAD for failed unless both are there.
        wire.send("""
                HEAD %s HTTP/1.1
                Host: {host}
                Accept: */*
                TUS-Resumable: 1.0.0
                Connection: keep-alive
                """.formatted(upload)).has("Upload-Offset", "5").has("Upload-Length", "10");
        tusKitPatch(upload, 5, "56789").is(204).has("Upload-Offset", "10");
        assertDeliveredAs("holiday.mov", upload);
    }

    /** In the background TUSKit looks for Upload-Offset only, whatever the status is. */
    @Test
    void tusKit_behindItsOffset_isToldTheTrueOne() throws IOException {
        String upload = created(10);
        tusKitPatch(upload, 0, "01234").is(204);
        tusKitPatch(upload, 0, "01234").is(409).has("Upload-Offset", "5");
    }

    /** Before it creates anything; without a version header, as the specification has it. */
    @Test
    void tusKit_asksForTheServersExtensions() throws IOException {
        Wire.Answer answer = wire.send("""
                OPTIONS /files HTTP/1.1
                Host: {host}
                Accept: */*
                Connection: keep-alive
                """).has("Tus-Version", "1.0.0");
        assertThat(answer.status()).isIn(200, 204);
        assertThat(answer.list("Tus-Extension")).contains("creation", "termination");
    }

    private Wire.Answer tusKitPatch(String upload, int offset, String bytes) throws IOException {
        return wire.send("""
                PATCH %s HTTP/1.1
                Host: {host}
                Content-Type: application/offset+octet-stream
                Accept: */*
                TUS-Resumable: 1.0.0
                Upload-Offset: %d
                Content-Length: %d
                Connection: keep-alive
                """.formatted(upload, offset, bytes.length()), bytes);
    }

    /** Android sends PATCH itself, in chunks, and waits to be told to; a file of n times 10 MiB ends with an empty one. */
    @Test
    void tusAndroid_sendsChunks_thenAnEmptyBody() throws IOException {
        String upload = wire.send("""
                POST /files HTTP/1.1
                Tus-Resumable: 1.0.0
                Upload-Metadata: filename Y2xpcC5tcDQ=
                Upload-Length: 10
                User-Agent: Dalvik/2.1.0 (Linux; U; Android 11; Pixel 4 Build/RQ3A)
                Host: {host}
                Connection: Keep-Alive
                Accept-Encoding: gzip
                Content-Length: 0
                """).is(201).location();
        String patch = """
                PATCH %s HTTP/1.1
                Tus-Resumable: 1.0.0
                Upload-Offset: %d
                Content-Type: application/offset+octet-stream
                Expect: 100-continue
                User-Agent: Dalvik/2.1.0 (Linux; U; Android 11; Pixel 4 Build/RQ3A)
                Host: {host}
                Connection: Keep-Alive
                Accept-Encoding: gzip
                Transfer-Encoding: chunked
                """;
        wire.send(patch.formatted(upload, 0)).is(100);
        wire.write("4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n");
        wire.read().is(204).has("Upload-Offset", "10");
        wire.send(patch.formatted(upload, 10)).is(100);
        wire.write("0\r\n\r\n");
        wire.read().is(204).has("Upload-Offset", "10");
        assertDeliveredAs("clip.mp4", upload);
    }

    /** The same on a JVM, which refuses to send PATCH. An offset that is wrong is refused before the body is asked for. */
    @Test
    void tusJava_sendsPost_andIsRefusedBeforeItsBody() throws IOException {
        String upload = created(10);
        String post = """
                POST %s HTTP/1.1
                Tus-Resumable: 1.0.0
                X-HTTP-Method-Override: PATCH
                Upload-Offset: %d
                Content-Type: application/offset+octet-stream
                Expect: 100-continue
                User-Agent: Java/1.8.0_392
                Host: {host}
                Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2
                Connection: keep-alive
                Transfer-Encoding: chunked
                """;
        wire.send(post.formatted(upload, 0)).is(100);
        wire.write("a\r\n0123456789\r\n0\r\n\r\n");
        wire.read().is(204).has("Upload-Offset", "10");
        try (Wire another = new Wire(server.root())) {
            another.send(post.formatted(created(10), 7)).is(409).has("Upload-Offset", "0");
        }
    }

    /** tus-js-client 1.x in a browser: an empty POST with a type of its own, then the file as one PATCH. */
    @Test
    void tusJs_inABrowser_mayReadWhatItNeeds() throws IOException {
        Wire.Answer preflight = wire.send("""
                OPTIONS /files HTTP/1.1
                Host: {host}
                Connection: keep-alive
                Accept: */*
                Access-Control-Request-Method: POST
                Access-Control-Request-Headers: tus-resumable,upload-length,upload-metadata
                Origin: https://app.example.com
                Sec-Fetch-Mode: cors
                """);
        assertThat(preflight.list("Access-Control-Allow-Headers"))
                .contains("tus-resumable", "upload-length", "upload-metadata");
        Wire.Answer created = wire.send("""
                POST /files HTTP/1.1
                Host: {host}
                Connection: keep-alive
                Content-Length: 0
                Upload-Length: 5
                Upload-Metadata: filename c21hbGwudHh0,filetype dGV4dC9wbGFpbg==
                Tus-Resumable: 1.0.0
                Accept: */*
                Origin: https://app.example.com
                Referer: https://app.example.com/upload
                """).is(201);
        assertThat(created.list("Access-Control-Expose-Headers"))
                .contains("location", "upload-offset", "upload-length");
        wire.send("""
                PATCH %s HTTP/1.1
                Host: {host}
                Connection: keep-alive
                Content-Length: 5
                Tus-Resumable: 1.0.0
                Upload-Offset: 0
                Content-Type: application/offset+octet-stream
                Origin: https://app.example.com
                """.formatted(created.location()), "small").is(204).has("Upload-Offset", "5");
        assertDeliveredAs("small.txt", created.location());
    }

    /** A stream with the creation: the POST has no body after all, but the client reads the offset in its answer. */
    @Test
    void tusJs_deferredLength_readsTheOffsetOfItsCreation() throws IOException {
        String upload = wire.send("""
                POST /files HTTP/1.1
                Tus-Resumable: 1.0.0
                Upload-Defer-Length: 1
                Host: {host}
                Connection: close
                Content-Length: 0
                """).is(201).has("Upload-Offset", "0").location();
        try (Wire another = new Wire(server.root())) {
            another.send(streamed(upload, 0, "Upload-Defer-Length: 1"), "4\r\nabcd\r\n0\r\n\r\n")
                    .is(204)
                    .has("Upload-Offset", "4");
        }
        // The end of the stream is known only now: an empty PATCH says what the length was.
        try (Wire another = new Wire(server.root())) {
            another.send(streamed(upload, 4, "Upload-Length: 4"), "0\r\n\r\n")
                    .is(204)
                    .has("Upload-Offset", "4");
        }
        assertDelivered(upload);
    }

    private static String streamed(String upload, int offset, String length) {
        return """
                PATCH %s HTTP/1.1
                Tus-Resumable: 1.0.0
                Upload-Offset: %d
                Content-Type: application/offset+octet-stream
                %s
                Host: {host}
                Connection: close
                Transfer-Encoding: chunked
                """.formatted(upload, offset, length);
    }

    /** Uppy sends every field of its file, the ones without a value too. */
    @Test
    void uppy_sendsFieldsWithoutAValue() throws IOException {
        String upload = wire.send("""
                POST /files HTTP/1.1
                Host: {host}
                Content-Length: 0
                Tus-Resumable: 1.0.0
                Upload-Length: 0
                Upload-Metadata: relativePath bnVsbA==,name w4RwZmVsLnR4dA==,type ,caption,filetype ,filename w4RwZmVsLnR4dA==
                """).is(201).has("Upload-Offset", "0").location();
        assertDeliveredAs("Äpfel.txt", upload);
    }

    /** HTTP clients with a default type of their own send it with a creation that has no body. */
    @Test
    void creation_withoutABody_mayHaveAnyType() throws IOException {
        wire.send("""
                POST /files HTTP/1.1
                Host: {host}
                Content-Type: application/json
                Tus-Resumable: 1.0.0
                Upload-Length: 3
                Content-Length: 0
                """).is(201);
    }

    private String created(long length) throws IOException {
        return wire.send("""
                POST /files HTTP/1.1
                Host: {host}
                Tus-Resumable: 1.0.0
                Upload-Length: %d
                Content-Length: 0
                """.formatted(length)).is(201).location();
    }

    private static void assertDeliveredAs(String name, String upload) {
        assertThat(assertDelivered(upload)).hasFileName(name);
    }

    private static Path assertDelivered(String upload) {
        return DeliveredFiles.in(server.delivered()).await(server.root().resolve(upload));
    }
}
