package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.MAY;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server below a context path and another upload path, with a public base URL and a list of allowed origins. */
@Tag("process")
class AddressSettingsIT {

    private static final String BASE = "https://uploads.example.org/in";
    private static final String ORIGIN = "https://app.example.org";

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static TusClient tus;

    @BeforeAll
    static void start() throws IOException {
        server = TusServer.startOwn(
                dir.resolve("data"),
                "--server.servlet.context-path=/app",
                "--narwhal.tus.path=/api/uploads",
                "--narwhal.tus.base-url=" + BASE,
                "--narwhal.tus.cors.allowed-origins=" + ORIGIN + ",https://other.example.org",
                "--narwhal.tus.cors.allowed-headers=X-CSRF-Token,baggage");
        tus = new TusClient(server.root().resolve("app/api/uploads"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Item(value = 59, level = MAY)
    @DisplayName("T59 With a base URL Location is absolute, whatever the request's own URL and headers")
    void t59_location_isBelowTheBaseUrl() throws IOException {
        for (String url : new String[] {"", "/"}) {
            RawRequest creation = tus.request("POST", URI.create(tus.creationUrl() + url))
                    .header("Upload-Length", "3")
                    .header("X-Forwarded-Host", "evil.example")
                    .with("Host", "evil.example");
            String location = tus.send(creation.body("")).required("Location");
            assertThat(location).matches("https://uploads\\.example\\.org/in/[0-9A-Za-z_-]+");
            tus.append(local(location), 0, "abc");
            tus.holds(local(location), "abc");
        }
    }

    @Test
    @Item(value = 167, level = I)
    @DisplayName("T167 Below a context path there are uploads at the path that is set, and nowhere else")
    void t167_uploads_areBelowTheContextPath() throws IOException {
        URI upload = create();
        String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
        assertThat(tus.offset(upload)).isZero();
        for (String path : new String[] {"/files/", "/api/uploads/", "/app/files/", "/app/app/api/uploads/"}) {
            assertThat(tus.send(tus.request("HEAD", upload).target(path + id)))
                    .hasStatus(404)
                    .hasNoHeader("Upload-Offset");
        }
    }

    @Test
    @Item(
            value = {162, 163},
            level = I)
    @DisplayName("T162 T163 An allowed origin is echoed, with Vary; to others nothing is said")
    void t163_origins_areListed() throws IOException {
        URI upload = create();
        for (RawRequest request : new RawRequest[] {
            RawRequest.of("OPTIONS", upload).header("Access-Control-Request-Method", "PATCH"),
            tus.request("HEAD", upload),
            tus.patch(upload, 1).body("a")
        }) {
            assertThat(tus.send(request.header("Origin", ORIGIN)))
                    .hasHeader("Access-Control-Allow-Origin", ORIGIN)
                    .lists("Vary", "Origin")
                    .lists("Access-Control-Expose-Headers", "Upload-Offset", "Location");
            for (String stranger : new String[] {
                "https://evil.example", "https://app.example.org.evil.example", "null", "http://app.example.org"
            }) {
                assertThat(tus.send(request.header("Origin", stranger)))
                        .hasNoHeader("Access-Control-Allow-Origin")
                        .lists("Vary", "Origin");
            }
            assertThat(tus.send(request))
                    .hasNoHeader("Access-Control-Allow-Origin")
                    .lists("Vary", "Origin");
        }
    }

    @Test
    @Item(value = 162, level = I)
    @DisplayName("T162 To a named origin the headers of tus clients are allowed, and those of the setting")
    void t162_headers_areListed() throws IOException {
        RawResponse answer = tus.send(RawRequest.of("OPTIONS", tus.creationUrl())
                .header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "x-csrf-token,x-other"));
        assertThat(answer).lists("Access-Control-Allow-Headers", "Upload-Length", "X-CSRF-Token", "baggage");
        assertThat(answer.required("Access-Control-Allow-Headers")).doesNotContainIgnoringCase("x-other");
    }

    private static URI create() throws IOException {
        return local(tus.send(tus.post(3).body("")).required("Location"));
    }

    /** What a proxy makes of the public URL. */
    private static URI local(String location) {
        assertThat(location).startsWith(BASE + "/");
        return URI.create(tus.creationUrl() + location.substring(BASE.length()));
    }
}
