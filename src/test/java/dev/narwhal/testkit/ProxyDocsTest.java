package dev.narwhal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page shows is what the tests run. */
class ProxyDocsTest {

    @ParameterizedTest
    @CsvSource({"nginx.conf, nginx", "Caddyfile, caddy"})
    void page_showsTheFile(String file, String language) throws IOException {
        String shown = Files.readString(Path.of("docs", "proxies", file));

        assertThat(Files.readString(Path.of("docs", "proxies.md"))).contains("```" + language + "\n" + shown + "```\n");
    }
}
