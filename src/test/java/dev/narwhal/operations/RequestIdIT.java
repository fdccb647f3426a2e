package dev.narwhal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.ServerInProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every answer has the id of its request: the client's, or a new one. */
class RequestIdIT {

    private static final String HEADER = "X-Request-ID";
    private static final String NEW = "[0-9a-f]{16}";

    private static URI root;

    @BeforeAll
    static void start() {
        root = ServerInProcess.shared().root();
    }

    private static HttpResponse<String> send(HttpClient http, String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(root.resolve(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS, files",
        "HEAD, files/0123456789abcdef0123456789abcdef",
        "GET, files/0123456789abcdef0123456789abcdef",
        "POST, files",
        "PUT, files",
        "GET, /",
        "GET, nothing/here",
        "GET, actuator/health",
        "GET, files%2Fa"
    })
    void answer_hasTheClientsId(String method, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = send(http, method, path, HEADER, "mine:1");

            assertThat(answer.headers().allValues(HEADER)).containsExactly("mine:1");
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void answer_toNone_hasANewOne_eachAnother(HttpClient.Version version) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().version(version).build()) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                List<String> all = send(http, "OPTIONS", "files").headers().allValues(HEADER);
                assertThat(all).singleElement().asString().matches(NEW);
                ids.addAll(all);
            }
            assertThat(ids).hasSize(5);
        }
    }

    @Test
    void answer_toOneThatIsNotSane_hasANewOne() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String sent : List.of("a b", "\"quoted\"", "{}", "a,b", "x".repeat(129))) {
                assertThat(send(http, "OPTIONS", "files", HEADER, sent)
                                .headers()
                                .allValues(HEADER))
                        .as(sent)
                        .singleElement()
                        .asString()
                        .matches(NEW);
            }
        }
    }

    @Test
    void answer_toBytesOutsideAscii_hasANewOne() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), root.getPort())) {
            socket.getOutputStream()
                    .write(
                            "OPTIONS /files HTTP/1.1\r\nHost: a\r\nX-Request-ID: \u00fc\u00e9\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answer).containsPattern(HEADER + ": " + NEW + "\r\n").doesNotContain("\u00fc");
        }
    }
}
