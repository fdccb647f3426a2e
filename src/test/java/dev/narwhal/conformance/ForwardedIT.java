package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.MAY;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What proxies, and those who pretend to be one, say about the public address. */
@Tag("process")
class ForwardedIT {

    @TempDir
    private Path dir;

    @Test
    @Item(value = 59, level = MAY)
    @DisplayName("T59 Nobody is believed about the address who is not known as a proxy")
    void t59_forwardedByAStranger_isIgnored() throws IOException {
        TusServer.assumeOwn();
        TusClient tus = TusServer.client();
        assertThat(tus.send(forwarded(tus)).required("Location")).matches("/files/[0-9a-f]{32}");
        assertThat(tus.send(tus.post(3)
                                .header("Forwarded", "host=evil.example;proto=https")
                                .body(""))
                        .required("Location"))
                .matches("/files/[0-9a-f]{32}");
    }

    @Test
    @Item(value = 59, level = MAY)
    @DisplayName("T59 A trusted proxy's address is Location's, which is understood in Upload-Concat too")
    void t59_forwardedByATrustedProxy_isLocations() throws IOException {
        try (NarwhalProcess server =
                TusServer.startOwn(dir.resolve("data"), "--narwhal.tus.trusted-proxies=127.0.0.1/32,::1")) {
            TusClient tus = new TusClient(server.uploads());
            String location = tus.send(forwarded(tus)).required("Location");
            assertThat(location).matches("https://up\\.example\\.org/in/files/[0-9a-f]{32}");
            URI partial = URI.create(
                    tus.send(forwarded(tus).header("Upload-Concat", "partial")).required("Location"));
            URI local = server.root().resolve(partial.getPath().substring("/in/".length()));
            tus.append(local, 0, "abc");
            assertThat(tus.send(tus.post()
                            .header("Upload-Concat", "final;" + partial)
                            .body("")))
                    .hasStatus(201);
        }
    }

    private static RawRequest forwarded(TusClient tus) {
        return tus.post(3)
                .header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "up.example.org")
                .header("X-Forwarded-Prefix", "/in")
                .body("");
    }
}
