package dev.narwhal.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.ServerInProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.mock.web.MockHttpServletRequest;

/**
 * The description of the API that the server serves is that of its controllers. springdoc writes it here, and not in the server, whose
 * start would pay for it. After a change of the API: {@code ./mvnw verify -Dit.test=OpenApiIT -Dopenapi.update=true}.
 */
class OpenApiIT {

    private static final Path SERVED = Path.of("src/main/resources/static/api/docs/openapi.json");

    @Test
    void description_isThatOfTheControllers(@TempDir Path dir) throws Exception {
        String now = describe(dir);
        if (Boolean.getBoolean("openapi.update")) {
            Files.createDirectories(SERVED.getParent());
            Files.writeString(SERVED, now);
        }

        assertThat(now)
                .as("run with -Dopenapi.update=true, and commit the result")
                .isEqualTo(Files.readString(SERVED));
    }

    private static String describe(Path dir) throws Exception {
        try (ServerInProcess server = ServerInProcess.start(
                dir.resolve("data"),
                application -> application.sources(DescribedApi.class),
                "--springdoc.api-docs.version=openapi_3_1",
                "--springdoc.paths-to-match=/api/v1/**",
                "--springdoc.default-produces-media-type=application/json",
                "--springdoc.writer-with-order-by-keys=true",
                "--springdoc.writer-with-default-pretty-printer=true",
                "--springdoc.default-flat-param-object=true")) {
            byte[] json = server.context()
                    .getBean(OpenApiWebMvcResource.class)
                    .openapiJson(
                            new MockHttpServletRequest("GET", "/api/v1/openapi.json"),
                            "/api/v1/openapi.json",
                            Locale.ENGLISH);
            return new String(json, StandardCharsets.UTF_8) + "\n";
        }
    }
}
