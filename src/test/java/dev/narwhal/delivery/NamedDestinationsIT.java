package dev.narwhal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built server with several destinations: each upload goes where the rules say, and is read from there. */
@Tag("process")
class NamedDestinationsIT {

    @TempDir
    Path dir;

    private final PlainTus tus = new PlainTus();

    @Test
    void upload_goesWhereTheFirstRuleSays() throws Exception {
        Path scans = dir.resolve("scans");
        Path texts = dir.resolve("texts");
        try (NarwhalProcess server = NarwhalProcess.start(
                dir.resolve("data"),
                "--narwhal.destinations.scans.directory.path=" + scans,
                "--narwhal.destinations.texts.directory.path=" + texts,
                "--narwhal.destinations.texts.key-template={yyyy}/{id}.txt",
                "--narwhal.delivery.rules[0].destination=scans",
                "--narwhal.delivery.rules[0].metadata.filename=*.png",
                "--narwhal.delivery.rules[1].destination=texts",
                "--narwhal.delivery.rules[1].metadata.filename=*.*")) {
            assertThat(server.log()).contains("(scans: " + scans + ", texts: " + texts + ")");

            URI png = upload(server, "a.png");
            URI txt = upload(server, "b.txt");
            URI none = upload(server, "README");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> files(scans).size()
                                    + files(texts).size()
                                    + files(server.delivered()).size()
                            == 3);
            assertThat(files(scans)).singleElement().asString().endsWith("/a.png");
            assertThat(files(texts)).singleElement().asString().matches(".*/texts/2[0-9]{3}/[0-9a-f]{32}\\.txt");
            assertThat(files(server.delivered())).singleElement().asString().endsWith("/README");
            assertThat(read(png)).isEqualTo("a.png");
            assertThat(read(txt)).isEqualTo("b.txt");
            assertThat(read(none)).isEqualTo("README");
        }
    }

    private URI upload(NarwhalProcess server, String name) throws Exception {
        URI upload = tus.create(server.uploads(), name.length(), name);
        assertThat(tus.patch(upload, 0, name.getBytes(UTF_8)).statusCode()).isEqualTo(204);
        return upload;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private static String read(URI upload) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(upload).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
