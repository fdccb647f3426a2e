package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Uploads of each kind, several at a time. Each request says in its id which upload it is for, and what it wants. */
final class PowerLossWorkload implements AutoCloseable {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    /**
     * An upload of this workload.
     *
     * @param ends whether all of it was sent
     * @param delivers whether it is to come to the destination once it is whole: not when it is a partial
     * @param deleted whether it was to be terminated
     */
    record Plan(byte[] content, boolean ends, boolean delivers, boolean deleted) {}

    private final URI files;
    private final Map<String, Plan> plans = new ConcurrentHashMap<>();
    private final Map<String, URI> urls = new ConcurrentHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    PowerLossWorkload(URI files) {
        this.files = files;
    }

    /** By the name of the upload, which is also the name of its file. */
    Map<String, Plan> plans() {
        return Map.copyOf(plans);
    }

    /** Runs it all; returns when the last answer has come. */
    void run(int small) throws Exception {
        List<Callable<Void>> clients = new ArrayList<>(List.of(
                this::large,
                this::streamed,
                this::checked,
                this::deferred,
                this::concatenated,
                this::deleted,
                this::broken,
                this::left,
                this::withCreation));
        for (int i = 0; i < small; i++) {
            String name = "small-" + i;
            clients.add(() -> small(name));
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(6)) {
            for (Future<Void> client : executor.invokeAll(clients)) {
                client.get();
            }
        }
    }

    private Void small(String name) throws Exception {
        byte[] content = plan(name, 3000, true, true, false);
        create(name, content.length);
        patch(name, content, 0, 1000);
        patch(name, content, 1000, 3000);
        return null;
    }

    private Void withCreation() throws Exception {
        byte[] content = plan("with-creation", 70 * KIB, true, true, false);
        HttpResponse<String> created = send(
                request("with-creation", files)
                        .header("Upload-Length", String.valueOf(content.length))
                        .header("Upload-Metadata", metadata("with-creation"))
                        .header("Content-Type", "application/offset+octet-stream"),
                "POST",
                BodyPublishers.ofByteArray(content));
        assertThat(created.statusCode()).isEqualTo(201);
        urls.put(
                "with-creation",
                files.resolve(created.headers().firstValue("Location").orElseThrow()));
        return null;
    }

    /** Large enough for direct I/O; the second body begins in the middle of a block. */
    private Void large() throws Exception {
        byte[] content = plan("large", 9 * MIB + 17, true, true, false);
        create("large", content.length);
        patch("large", content, 0, 5 * MIB + 1234);
        head("large");
        patch("large", content, 5 * MIB + 1234, content.length);
        return null;
    }

    private Void streamed() throws Exception {
        byte[] content = plan("streamed", 400 * KIB, true, true, false);
        create("streamed", content.length);
        patch("streamed", 0, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)));
        return null;
    }

    private Void checked() throws Exception {
        byte[] content = plan("checked", 300 * KIB, true, true, false);
        create("checked", content.length);
        assertThat(patchChecked(content, content.length / 2, "wrong".getBytes(UTF_8)))
                .isEqualTo(460);
        head("checked");
        assertThat(patchChecked(content, content.length / 2, Arrays.copyOf(content, content.length / 2)))
                .isEqualTo(204);
        patch("checked", content, content.length / 2, content.length);
        return null;
    }

    private int patchChecked(byte[] content, int to, byte[] digested) throws Exception {
        String sum = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(digested));
        return send(
                        patching("checked", 0).header("Upload-Checksum", "sha1 " + sum),
                        "PATCH",
                        BodyPublishers.ofByteArray(content, 0, to))
                .statusCode();
    }

    private Void deferred() throws Exception {
        byte[] content = plan("deferred", 90 * KIB, true, true, false);
        created("deferred", request("deferred", files).header("Upload-Defer-Length", "1"));
        patch("deferred", content, 0, 30 * KIB);
        HttpResponse<String> last = send(
                patching("deferred", 30 * KIB).header("Upload-Length", String.valueOf(content.length)),
                "PATCH",
                BodyPublishers.ofByteArray(content, 30 * KIB, 60 * KIB));
        assertThat(last.statusCode()).isEqualTo(204);
        return null;
    }

    private Void concatenated() throws Exception {
        byte[] content = plan("final", 250 * KIB, true, true, false);
        StringBuilder partials = new StringBuilder("final;");
        int half = content.length / 2;
        for (String name : List.of("partial-0", "partial-1")) {
            byte[] part = name.endsWith("0")
                    ? Arrays.copyOf(content, half)
                    : Arrays.copyOfRange(content, half, content.length);
            plans.put(name, new Plan(part, true, false, false));
            created(
                    name,
                    request(name, files)
                            .header("Upload-Length", String.valueOf(part.length))
                            .header("Upload-Concat", "partial"));
            patch(name, part, 0, part.length);
            partials.append(url(name).getPath()).append(' ');
        }
        created(
                "final",
                request("final", files)
                        .header("Upload-Concat", partials.toString().strip()));
        return null;
    }

    private Void deleted() throws Exception {
        byte[] content = plan("deleted", 50 * KIB, false, false, true);
        create("deleted", content.length);
        patch("deleted", content, 0, 20 * KIB);
        HttpResponse<String> gone = send(
                request("deleted", url("deleted")).setHeader("X-Request-ID", "deleted/DELETE"),
                "DELETE",
                BodyPublishers.noBody());
        assertThat(gone.statusCode()).isEqualTo(204);
        return null;
    }

    /** The line goes in the middle of a body; what HEAD tells then counts as much as the answer of a PATCH. */
    private Void broken() throws Exception {
        byte[] content = plan("broken", 600 * KIB, false, true, false);
        create("broken", content.length);
        InputStream dead = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("The line went dead");
            }
        };
        InputStream half = new SequenceInputStream(new ByteArrayInputStream(content, 0, 350 * KIB), dead);
        try {
            patch("broken", 0, BodyPublishers.ofInputStream(() -> half));
        } catch (IOException expected) {
            head("broken");
        }
        head("broken");
        return null;
    }

    private Void left() throws Exception {
        byte[] content = plan("left", 80 * KIB, false, true, false);
        create("left", content.length);
        patch("left", content, 0, 33 * KIB);
        head("left");
        return null;
    }

    private byte[] plan(String name, int length, boolean ends, boolean delivers, boolean deleted) {
        byte[] content = new byte[length];
        new Random(name.hashCode()).nextBytes(content);
        plans.put(name, new Plan(content, ends, delivers, deleted));
        return content;
    }

    private void create(String name, int length) throws Exception {
        created(name, request(name, files).header("Upload-Length", String.valueOf(length)));
    }

    private void created(String name, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer =
                send(request.header("Upload-Metadata", metadata(name)), "POST", BodyPublishers.noBody());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        urls.put(name, files.resolve(answer.headers().firstValue("Location").orElseThrow()));
    }

    private static String metadata(String name) {
        return "filename " + Base64.getEncoder().encodeToString(name.getBytes(UTF_8));
    }

    private void patch(String name, byte[] content, int from, int to) throws Exception {
        patch(name, from, BodyPublishers.ofByteArray(content, from, to - from));
    }

    private void patch(String name, long offset, BodyPublisher body) throws Exception {
        assertThat(send(patching(name, offset), "PATCH", body).statusCode()).isEqualTo(204);
    }

    private HttpRequest.Builder patching(String name, long offset) {
        return request(name, url(name))
                .header("Upload-Offset", String.valueOf(offset))
                .header("Content-Type", "application/offset+octet-stream");
    }

    private void head(String name) throws Exception {
        send(request(name, url(name)), "HEAD", BodyPublishers.noBody());
    }

    private URI url(String name) {
        return Objects.requireNonNull(urls.get(name), name);
    }

    private static HttpRequest.Builder request(String name, URI url) {
        return HttpRequest.newBuilder(url)
                .header("Tus-Resumable", "1.0.0")
                .header("X-Request-ID", name + "/")
                .timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String method, BodyPublisher body)
            throws IOException, InterruptedException {
        return http.send(request.method(method, body).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
