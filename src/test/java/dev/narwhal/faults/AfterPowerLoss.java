package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.faults.PowerLossWorkload.Plan;
import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The clients, when the server is back: each goes on where the server says that it is, up to the end. */
final class AfterPowerLoss implements AutoCloseable {

    private final NarwhalProcess server;
    private final Map<String, Plan> plans;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    AfterPowerLoss(NarwhalProcess server, Map<String, Plan> plans) {
        this.server = server;
        this.plans = plans;
    }

    /** @param told what the server had promised before */
    void goOn(Collection<Acknowledgement> told) throws Exception {
        for (Acknowledgement promise : told) {
            goOn(promise);
        }
        for (Acknowledgement promise : told) {
            Plan plan = plan(promise.upload());
            if (plan.delivers() && isWhole(promise.upload(), told)) {
                Path file = DeliveredFiles.in(server.delivered()).await(url(promise));
                assertThat(Files.readAllBytes(file)).as(promise.toString()).isEqualTo(plan.content());
            }
        }
        assertNothingForeign();
    }

    private void goOn(Acknowledgement promise) throws Exception {
        HttpResponse<String> head = send(request(url(promise)), "HEAD");
        if (promise.gone() || (plan(promise.upload()).deleted() && head.statusCode() == 404)) {
            assertThat(head.statusCode()).as(promise.toString()).isIn(404, 410);
            return;
        }
        assertThat(head.statusCode()).as(promise.toString()).isEqualTo(200);
        byte[] content = plan(promise.upload()).content();
        if (promise.upload().equals("final")) {
            return;
        }
        int offset = (int) head.headers().firstValueAsLong("Upload-Offset").orElseThrow();
        assertThat(offset).as(promise.toString()).isBetween((int) promise.offset(), content.length);
        if (offset < content.length) {
            assertThat(rest(promise, head, offset, content))
                    .as(promise.toString())
                    .isEqualTo(204);
        }
    }

    private int rest(Acknowledgement promise, HttpResponse<String> head, int offset, byte[] content)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(url(promise))
                .header("Upload-Offset", String.valueOf(offset))
                .header("Content-Type", "application/offset+octet-stream");
        if (head.headers().firstValue("Upload-Defer-Length").isPresent()) {
            request.header("Upload-Length", String.valueOf(content.length));
        }
        return http.send(
                        request.method("PATCH", BodyPublishers.ofByteArray(content, offset, content.length - offset))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    /** Uploads of which the client knows the URL have been sent to their end by now; a final needs both its partials. */
    private static boolean isWhole(String upload, Collection<Acknowledgement> told) {
        return !upload.equals("final")
                || told.stream().map(Acknowledgement::upload).toList().containsAll(List.of("partial-0", "partial-1"));
    }

    /** Each upload once, under its name and with its bytes, and nothing half done. */
    private void assertNothingForeign() throws IOException {
        Awaitility.await("no temporary files")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(delivered())
                        .noneMatch(file -> String.valueOf(file.getFileName()).startsWith(".")));
        Set<String> seen = new HashSet<>();
        for (Path file : delivered()) {
            String name = String.valueOf(file.getFileName());
            assertThat(seen.add(name)).as("delivered once: " + name).isTrue();
            assertThat(plans).as("delivered: " + name).containsKey(name);
            assertThat(Files.readAllBytes(file))
                    .as("delivered: " + name)
                    .isEqualTo(plan(name).content());
        }
    }

    private List<Path> delivered() throws IOException {
        try (Stream<Path> files = Files.walk(server.delivered())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(".narwhal-destination"))
                    .toList();
        }
    }

    private Plan plan(String upload) {
        return Objects.requireNonNull(plans.get(upload), upload);
    }

    private URI url(Acknowledgement promise) {
        return URI.create(server.uploads() + "/" + promise.id());
    }

    private static HttpRequest.Builder request(URI url) {
        return HttpRequest.newBuilder(url).header("Tus-Resumable", "1.0.0").timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String method)
            throws IOException, InterruptedException {
        return http.send(request.method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
