package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The few requests of tus 1.0.0 that a test of something else needs. Retries nothing. */
public final class PlainTus implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Duration timeout;
    private final String key;
    private HttpClient http = connect();

    public PlainTus() {
        this(TIMEOUT);
    }

    /** @param timeout of each request, from its first byte to the head of its answer */
    public PlainTus(Duration timeout) {
        this(timeout, "");
    }

    private PlainTus(Duration timeout, String key) {
        this.timeout = timeout;
        this.key = key;
    }

    /** Sends this API key with each request. */
    public static PlainTus with(String key) {
        return new PlainTus(TIMEOUT, key);
    }

    private static HttpClient connect() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** For after a crash of the server: connections that are kept open are none any more. */
    public void reconnect() {
        http.close();
        http = connect();
    }

    /** POST; fails the test when the answer is not 201. */
    public URI create(URI files, long length, String filename) throws IOException, InterruptedException {
        return location(files, tryCreate(files, length, filename));
    }

    /** An upload with this Upload-Metadata and all its bytes, which must be accepted in one request. */
    public URI create(URI files, long length, String metadata, byte[] content)
            throws IOException, InterruptedException {
        return location(
                files,
                send(request(files)
                        .header("Upload-Length", String.valueOf(length))
                        .header("Upload-Metadata", metadata)
                        .header("Content-Type", "application/offset+octet-stream")
                        .POST(BodyPublishers.ofByteArray(content))));
    }

    /** A partial upload with these bytes, which must be accepted. */
    public URI partial(URI files, byte[] content) throws IOException, InterruptedException {
        HttpResponse<String> created = send(request(files)
                .header("Upload-Length", String.valueOf(content.length))
                .header("Upload-Concat", "partial")
                .POST(BodyPublishers.noBody()));
        URI partial = location(files, created);
        if (content.length > 0 && patch(partial, 0, content).statusCode() != 204) {
            throw new IllegalStateException("The bytes of " + partial + " were refused");
        }
        return partial;
    }

    /** A final upload of these partials, which must be accepted. */
    public URI concatenate(URI files, String filename, List<URI> partials) throws IOException, InterruptedException {
        String list = partials.stream().map(URI::toString).collect(Collectors.joining(" "));
        return location(
                files,
                send(request(files)
                        .header("Upload-Concat", "final;" + list)
                        .header("Upload-Metadata", metadata(filename))
                        .POST(BodyPublishers.noBody())));
    }

    private static URI location(URI files, HttpResponse<String> created) {
        if (created.statusCode() != 201) {
            throw new IllegalStateException("POST answered " + created.statusCode() + ": " + created.body());
        }
        return files.resolve(created.headers().firstValue("Location").orElseThrow());
    }

    private static String metadata(String filename) {
        return "filename " + Base64.getEncoder().encodeToString(filename.getBytes(UTF_8));
    }

    public HttpResponse<String> tryCreate(URI files, long length, String filename)
            throws IOException, InterruptedException {
        return send(request(files)
                .header("Upload-Length", String.valueOf(length))
                .header("Upload-Metadata", metadata(filename))
                .POST(BodyPublishers.noBody()));
    }

    public HttpResponse<String> head(URI upload) throws IOException, InterruptedException {
        return send(request(upload).method("HEAD", BodyPublishers.noBody()));
    }

    public HttpResponse<String> options(URI files) throws IOException, InterruptedException {
        return send(request(files).method("OPTIONS", BodyPublishers.noBody()));
    }

    /** The offset that HEAD tells; fails the test when the answer is no success. */
    public long offset(URI upload) throws IOException, InterruptedException {
        HttpResponse<String> response = head(upload);
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException("HEAD answered " + response.statusCode());
        }
        return response.headers().firstValueAsLong("Upload-Offset").orElseThrow();
    }

    public HttpResponse<String> patch(URI upload, long offset, byte[] bytes) throws IOException, InterruptedException {
        return patch(upload, offset, BodyPublishers.ofByteArray(bytes));
    }

    /** A body without Content-Length, read from {@code bytes} as it is sent. */
    public HttpResponse<String> patchStreaming(URI upload, long offset, InputStream bytes)
            throws IOException, InterruptedException {
        return patch(upload, offset, BodyPublishers.ofInputStream(() -> bytes));
    }

    /** The same with an Upload-Checksum. */
    public HttpResponse<String> patchStreaming(URI upload, long offset, InputStream bytes, String checksum)
            throws IOException, InterruptedException {
        return send(patching(upload, offset)
                .header("Upload-Checksum", checksum)
                .method("PATCH", BodyPublishers.ofInputStream(() -> bytes)));
    }

    private HttpResponse<String> patch(URI upload, long offset, BodyPublisher body)
            throws IOException, InterruptedException {
        return send(patching(upload, offset).method("PATCH", body));
    }

    private HttpRequest.Builder patching(URI upload, long offset) {
        return request(upload)
                .header("Upload-Offset", String.valueOf(offset))
                .header("Content-Type", "application/offset+octet-stream");
    }

    public HttpResponse<String> delete(URI upload) throws IOException, InterruptedException {
        return send(request(upload).DELETE());
    }

    /** Any other request. @param headers names and values in turn, besides Tus-Resumable */
    public HttpResponse<String> send(String method, URI url, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(url).method(method, body);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /**
     * Any request, with Tus-Resumable.
     *
     * @param headers names and values by turns
     */
    public HttpResponse<byte[]> request(String method, URI url, byte[] body, List<String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(url);
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        BodyPublisher publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        return http.send(request.method(method, publisher).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(URI url) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).header("Tus-Resumable", "1.0.0").timeout(timeout);
        return key.isEmpty() ? request : request.header("X-Api-Key", key);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
