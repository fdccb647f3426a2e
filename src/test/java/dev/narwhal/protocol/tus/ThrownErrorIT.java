package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.lease.UploadLeases;
import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.upload.UploadStorageService;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An Error in the middle of a request (T166): answered, over both protocols, and the upload is free afterwards. */
class ThrownErrorIT {

    @TempDir
    static Path dir;

    private static ServerInProcess server;

    enum Kind {
        NO_CLASS(new NoClassDefFoundError("a/b")),
        NO_MEMORY(new OutOfMemoryError("test")),
        NO_STACK(new StackOverflowError());

        private final transient Error error;

        Kind(Error error) {
            this.error = error;
        }
    }

    @BeforeAll
    static void start() {
        server = ExtendedServer.start(dir, new Faulty());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void error_isAnswered_andTheUploadIsFree(Kind kind) throws Exception {
        try (PlainTus tus = new PlainTus();
                HttpClient http = HttpClient.newHttpClient()) {
            URI upload = tus.create(server.uploads(), 3, "a");
            for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
                HttpResponse<String> answer = http.send(failing(upload, kind, version), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).contains("\"code\":\"INTERNAL\"").doesNotContain("Error", "java.");
                assertThat(answer.headers().firstValue("Tus-Resumable")).hasValue("1.0.0");
                assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                        .isPresent();
            }
            UploadId id = UploadId.parse(upload.getPath()
                            .substring(server.uploads().getPath().length() + 1))
                    .orElseThrow();
            assertThat(server.context().getBean(UploadLeases.class).holder(id)).isEmpty();
            assertThat(tus.patch(upload, 0, new byte[] {1, 2, 3}).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void failureOfADownload_saysNothingOfTheFile() throws Exception {
        try (PlainTus tus = new PlainTus();
                HttpClient http = HttpClient.newHttpClient()) {
            URI upload = tus.create(server.uploads(), 3, "a");
            tus.patch(upload, 0, new byte[] {1, 2, 3});
            Path delivered =
                    DeliveredFiles.in(dir.resolve("data").resolve("delivered")).await(upload);
            HttpRequest.Builder part = HttpRequest.newBuilder(upload).header("Range", "bytes=1-1");
            // Whatever of it was staged is gone as well, once that is served from its destination.
            Awaitility.await()
                    .until(
                            () -> {
                                Files.deleteIfExists(delivered);
                                return http.send(part.build(), BodyHandlers.ofString());
                            },
                            answer -> answer.statusCode() != 206);

            HttpResponse<String> gone = http.send(part.build(), BodyHandlers.ofString());

            assertThat(gone.statusCode()).isEqualTo(404);
            assertThat(gone.body()).contains("FILE_GONE");
            assertThat(gone.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(gone.headers().map())
                    .doesNotContainKeys(
                            "content-range",
                            "etag",
                            "content-disposition",
                            "accept-ranges",
                            "last-modified",
                            "content-security-policy");
        }
    }

    private static HttpRequest failing(URI upload, Kind kind, HttpClient.Version version) {
        return HttpRequest.newBuilder(upload)
                .version(version)
                .timeout(Duration.ofSeconds(20))
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Offset", "0")
                .header("Content-Type", "application/offset+octet-stream")
                .header("X-Fail", kind.name())
                .method("PATCH", BodyPublishers.ofByteArray(new byte[3]))
                .build();
    }

    static class Faulty extends OneMethodExtension implements RequestValidator {

        Faulty() {
            super(HttpMethod.PATCH);
        }

        @Override
        public void validate(
                HttpMethod method, HttpServletRequest request, UploadStorageService storage, String owner) {
            String kind = request.getHeader("X-Fail");
            if (kind != null) {
                throw Kind.valueOf(kind).error;
            }
        }
    }
}
