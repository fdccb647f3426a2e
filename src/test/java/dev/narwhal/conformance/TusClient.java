package dev.narwhal.conformance;

import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** Makes the requests of tus 1.0.0, each right unless the test changes it, and reads answers. */
final class TusClient {

    static final String OFFSET_TYPE = "application/offset+octet-stream";

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration CONTINUE_PATIENCE = Duration.ofSeconds(3);

    private final URI creationUrl;

    TusClient(URI creationUrl) {
        this.creationUrl = creationUrl;
    }

    URI creationUrl() {
        return creationUrl;
    }

    /** A request with Tus-Resumable. */
    RawRequest request(String method, URI url) {
        return RawRequest.of(method, url).header("Tus-Resumable", "1.0.0");
    }

    RawRequest post() {
        return request("POST", creationUrl);
    }

    RawRequest post(long length) {
        return post().header("Upload-Length", Long.toString(length));
    }

    /** Creation of an upload of unknown length. */
    RawRequest postDeferred() {
        return post().header("Upload-Defer-Length", "1");
    }

    /** A PATCH that lacks only its body. */
    RawRequest patch(URI upload, long offset) {
        return request("PATCH", upload)
                .header("Content-Type", OFFSET_TYPE)
                .header("Upload-Offset", Long.toString(offset));
    }

    RawResponse send(RawRequest request) throws IOException {
        return RawHttp.exchange(request);
    }

    RawResponse head(URI upload) throws IOException {
        return send(request("HEAD", upload));
    }

    RawResponse get(URI upload) throws IOException {
        return send(RawRequest.of("GET", upload));
    }

    RawResponse delete(URI upload) throws IOException {
        return send(request("DELETE", upload).body(""));
    }

    /** Sends a creation that must succeed, and says where the upload is. */
    URI created(RawRequest creation) throws IOException {
        RawResponse answer = send(creation);
        assertThat(answer).hasStatus(201);
        return answer.location(creationUrl);
    }

    URI create(long length) throws IOException {
        return created(post(length).body(""));
    }

    URI createDeferred() throws IOException {
        return created(postDeferred().body(""));
    }

    /** An upload with these bytes, complete, with that Upload-Metadata. */
    URI finished(byte[] content, String metadata) throws IOException {
        RawRequest creation = post(content.length).body("");
        URI upload = created(metadata.isEmpty() ? creation : creation.header("Upload-Metadata", metadata));
        append(upload, 0, content);
        return upload;
    }

    URI finished(String content) throws IOException {
        return finished(content.getBytes(UTF_8), "");
    }

    /** A PATCH that must succeed with all its bytes. */
    void append(URI upload, long offset, byte[] bytes) throws IOException {
        assertThat(send(patch(upload, offset).body(bytes)))
                .hasStatus(204)
                .hasHeader("Upload-Offset", Long.toString(offset + bytes.length));
    }

    void append(URI upload, long offset, String text) throws IOException {
        append(upload, offset, text.getBytes(UTF_8));
    }

    /**
     * A PATCH that the server has begun to read: it asked for the body, whose {@code length} bytes are still to come. A
     * HEAD would tell as much, but some servers stop the transfer for it.
     */
    RawHttp beginPatch(URI upload, long offset, long length) throws IOException {
        return begin(patch(upload, offset).announcing(length));
    }

    /** The same for any request whose body the test sends by itself. */
    RawHttp begin(RawRequest request) throws IOException {
        RawHttp http = RawHttp.open(request.header("Expect", "100-continue"));
        // A server need not ask (RFC 9110, section 10.1.1); a client then goes on by itself after a while.
        if (!http.isSilentFor(CONTINUE_PATIENCE) && http.readInterim() != 100) {
            http.close();
            throw new AssertionError("The server does not ask for the body of\n" + request.head());
        }
        return http;
    }

    /** What HEAD says, which must succeed. */
    long offset(URI upload) throws IOException {
        RawResponse answer = head(upload);
        assertThat(answer).isSuccess();
        return answer.offset();
    }

    /** Waits until HEAD says that much has arrived; a HEAD that is turned away for a moment is asked again. */
    void awaitOffset(URI upload, long offset) {
        Awaitility.await("offset " + offset)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> head(upload).header("Upload-Offset").orElse(""), Long.toString(offset)::equals);
    }

    /** A URL that looks like that of an upload, and never was one. */
    URI missing() throws IOException {
        String upload = create(3).toString();
        char last = upload.charAt(upload.length() - 1);
        return URI.create(upload.substring(0, upload.length() - 1) + (last == '0' ? '1' : '0'));
    }

    /** Asserts that the upload is complete and has these bytes; on a server without downloads, this many. */
    void holds(URI upload, byte[] content) throws IOException {
        String length = Integer.toString(content.length);
        assertThat(head(upload)).isSuccess().hasHeader("Upload-Offset", length).hasHeader("Upload-Length", length);
        if (!TusServer.isForeign() || TusServer.offer().downloads()) {
            Assertions.assertThat(download(upload)).isEqualTo(content);
        }
    }

    void holds(URI upload, String content) throws IOException {
        holds(upload, content.getBytes(UTF_8));
    }

    /** The file, which must be complete. */
    byte[] download(URI upload) throws IOException {
        RawResponse answer = get(upload);
        assertThat(answer).hasStatus(200);
        return answer.body();
    }

    static String metadata(String key, String value) {
        return key + " " + Base64.getEncoder().encodeToString(value.getBytes(UTF_8));
    }
}
