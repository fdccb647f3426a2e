package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.NarwhalApplication;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.TusExtension;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.AbstractTusExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An Error in the middle of a request (T166): answered, over both protocols, and the upload is free afterwards. */
class ThrownErrorIT {

    @TempDir
    static Path dir;

    private static ConfigurableApplicationContext context;
    private static URI files;

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
        context = new SpringApplicationBuilder(NarwhalApplication.class, FaultyConfiguration.class)
                .run("--server.port=0", "--narwhal.data-dir=" + dir.resolve("data"));
        files = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/files");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @ParameterizedTest
    @EnumSource
    void error_isAnswered_andTheUploadIsFree(Kind kind) throws Exception {
        try (PlainTus tus = new PlainTus();
                HttpClient http = HttpClient.newHttpClient()) {
            URI upload = tus.create(files, 3, "a");
            for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
                HttpResponse<String> answer = http.send(failing(upload, kind, version), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).contains("\"code\":\"INTERNAL\"").doesNotContain("Error", "java.");
                assertThat(answer.headers().firstValue("Tus-Resumable")).hasValue("1.0.0");
                assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                        .isPresent();
            }
            UploadId id = UploadId.parse(
                            upload.getPath().substring(files.getPath().length() + 1))
                    .orElseThrow();
            assertThat(context.getBean(UploadLeases.class).holder(id)).isEmpty();
            assertThat(tus.patch(upload, 0, new byte[] {1, 2, 3}).statusCode()).isEqualTo(204);
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

    @Configuration(proxyBeanMethods = false)
    static class FaultyConfiguration {

        @Bean
        TusExtension faulty() {
            return new Faulty();
        }
    }

    static class Faulty extends AbstractTusExtension implements RequestValidator {

        @Override
        public String getName() {
            return "faulty";
        }

        @Override
        public Collection<HttpMethod> getMinimalSupportedHttpMethods() {
            return List.of(HttpMethod.PATCH);
        }

        @Override
        protected void initValidators(List<RequestValidator> validators) {
            validators.add(this);
        }

        @Override
        protected void initRequestHandlers(List<RequestHandler> handlers) {}

        @Override
        public boolean supports(HttpMethod method) {
            return method == HttpMethod.PATCH;
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
