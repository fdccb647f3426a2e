package dev.narwhal.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about the API: from this server alone, under the policy of all pages. */
class DocsPageIT {

    private static final Path STATIC = Path.of("src/main/resources/static");

    private final URI root = ServerInProcess.shared().root();
    private final PlainTus tus = new PlainTus();

    private HttpResponse<String> get(URI url) throws Exception {
        return tus.send("GET", url, BodyPublishers.noBody());
    }

    @Test
    void page_andItsFiles_areServed() throws Exception {
        HttpResponse<String> redirect = get(root.resolve("api/docs"));
        assertThat(redirect.statusCode()).isEqualTo(302);
        URI page = root.resolve("api/docs")
                .resolve(redirect.headers().firstValue("Location").orElseThrow());
        assertThat(page).isEqualTo(root.resolve("api/docs/"));
        HttpResponse<String> html = get(page);
        assertThat(html.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
        var names = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(html.body());
        int files = 0;
        while (names.find()) {
            assertThat(names.group(1)).doesNotContain(":");
            assertThat(get(page.resolve(names.group(1))).statusCode())
                    .as(names.group(1))
                    .isEqualTo(200);
            files++;
        }
        assertThat(files).isEqualTo(4);
        assertThat(html.body()).doesNotContain("<script>").doesNotContain("style=");
        assertThat(get(root.resolve("api/docs/openapi.json")).body()).contains("\"openapi\" : \"3.1.0\"");
    }

    @Test
    void vendoredFiles_areThoseThatTheirOriginNames() throws Exception {
        Path viewer = STATIC.resolve("vendor/swagger-ui-5.35.0");
        String origin = Files.readString(viewer.resolve("ORIGIN.md"));
        for (String name : new String[] {"swagger-ui-bundle.js", "swagger-ui.css"}) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(viewer.resolve(name)));
            assertThat(origin).contains("| `" + name + "` | `" + HexFormat.of().formatHex(digest) + "` |");
        }
    }
}
