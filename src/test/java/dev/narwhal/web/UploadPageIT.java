package dev.narwhal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The page's files and headers over HTTP, with nothing else of the server there. */
class UploadPageIT {

    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    @Configuration(proxyBeanMethods = false)
    @Import({
        WebConfiguration.class,
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class
    })
    static class PageAlone {}

    /** A server of its own for each test that asks for settings of its own. */
    private record Page(ConfigurableApplicationContext context) implements AutoCloseable {

        static Page start(String... settings) {
            String[] arguments = Arrays.copyOf(settings, settings.length + 1);
            arguments[settings.length] = "--server.port=0";
            return new Page(new SpringApplicationBuilder(PageAlone.class).run(arguments));
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            String port = context.getEnvironment().getProperty("local.server.port");
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            // Without the server's own HTTP/2, which is not part of this context.
            try (HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            }
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Test
    void root_isThePageUnderAPolicyOfItsOwnFilesOnly() throws Exception {
        try (Page page = Page.start()) {
            HttpResponse<String> root = page.get("/");

            assertThat(root.statusCode()).isEqualTo(200);
            assertThat(root.body()).contains("<title>Narwhal");
            assertThat(header(root, "Content-Security-Policy"))
                    .contains(
                            "default-src 'none'", "script-src 'self'", "connect-src 'self';", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "*");
            assertThat(header(root, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(root, "Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(header(root, "Cache-Control")).isEqualTo("no-cache");
        }
    }

    @Test
    void everyFileThatThePageNames_isServedWithTheHeaders() throws Exception {
        try (Page page = Page.start()) {
            var references = REFERENCE.matcher(page.get("/").body());
            int files = 0;
            while (references.find()) {
                HttpResponse<String> file = page.get("/" + references.group(1));
                assertThat(file.statusCode()).as(references.group(1)).isEqualTo(200);
                assertThat(header(file, "X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(header(file, "Content-Security-Policy")).isNotEmpty();
                files++;
            }
            assertThat(files).isGreaterThanOrEqualTo(6);
        }
    }

    @Test
    void vendoredFiles_areCachedForGoodAndTypedAsScripts() throws Exception {
        try (Page page = Page.start()) {
            HttpResponse<String> uppy = page.get("/vendor/uppy-6.0.1/uppy.min.mjs");

            assertThat(header(uppy, "Cache-Control")).contains("max-age=31536000", "immutable");
            assertThat(header(uppy, "Content-Type")).startsWith("text/javascript");
            assertThat(header(page.get("/vendor/uppy-0/uppy.min.mjs"), "Cache-Control"))
                    .doesNotContain("immutable");
        }
    }

    @Test
    void settings_nameTheUploadPathRelativeToThePage() throws Exception {
        try (Page page = Page.start()) {
            assertThat(page.get("/narwhal.json").body()).isEqualTo("{\"uploads\":\"files\"}");
        }
    }

    @Test
    void settings_followTheTusPathBelowAContextPath() throws Exception {
        try (Page page = Page.start("--narwhal.tus.path=/api/uploads", "--server.servlet.context-path=/store")) {
            assertThat(page.get("/store/").statusCode()).isEqualTo(200);
            assertThat(page.get("/store/narwhal.json").body()).isEqualTo("{\"uploads\":\"api/uploads\"}");
            assertThat(header(page.get("/store/"), "Content-Security-Policy")).isNotEmpty();
        }
    }

    @Test
    void aPublicUrl_isWhereThePageUploadsToAndMayConnectTo() throws Exception {
        try (Page page = Page.start("--narwhal.tus.base-url=https://up.example.org:8443/files")) {
            assertThat(page.get("/narwhal.json").body()).contains("https://up.example.org:8443/files");
            assertThat(header(page.get("/"), "Content-Security-Policy"))
                    .contains("connect-src 'self' https://up.example.org:8443;");
        }
    }

    @Test
    void otherPaths_areLeftAlone() throws Exception {
        try (Page page = Page.start()) {
            HttpResponse<String> other = page.get("/files/0123456789abcdef0123456789abcdef");

            assertThat(other.statusCode()).isEqualTo(404);
            assertThat(other.headers().firstValue("Content-Security-Policy")).isEmpty();
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
