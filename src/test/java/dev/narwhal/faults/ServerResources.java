package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a server has in use at one moment.
 *
 * @param descriptors open files and connections; -1 where the system does not tell
 * @param threads of the operating system
 * @param bodies requests that are writing to an upload
 * @param samples of the metrics: one that grows with what clients send fills the memory of whoever collects them
 */
record ServerResources(long descriptors, long threads, long bodies, long samples) {

    /** For pools that have not grown to their size yet, and the request that asks. */
    private static final int SLACK = 40;

    private static final int SLACK_OF_SAMPLES = 400;

    static ServerResources of(NarwhalProcess server) throws IOException, InterruptedException {
        String metrics = get(server, "actuator/prometheus").body();
        Path process = Path.of("/proc", String.valueOf(server.pid()));
        return new ServerResources(
                entries(process.resolve("fd")),
                entries(process.resolve("task")),
                metrics.lines()
                        .filter(line -> line.startsWith("narwhal_bodies_active "))
                        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .findFirst()
                        .orElseThrow(),
                metrics.lines().count());
    }

    static int readiness(NarwhalProcess server) throws IOException, InterruptedException {
        return get(server, "actuator/health/readiness").statusCode();
    }

    void assertGivenBack(ServerResources after) {
        assertThat(after.descriptors).as("descriptors").isLessThanOrEqualTo(descriptors + SLACK);
        assertThat(after.threads).as("threads").isLessThanOrEqualTo(threads + SLACK);
        assertThat(after.bodies).as("bodies").isEqualTo(bodies);
        assertThat(after.samples).as("samples of metrics").isLessThanOrEqualTo(samples + SLACK_OF_SAMPLES);
    }

    private static HttpResponse<String> get(NarwhalProcess server, String path)
            throws IOException, InterruptedException {
        URI url = server.root().resolve(path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
        }
    }

    private static long entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return -1;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
