package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An upload is there for its owner alone: for requests, and for extensions that ask for one in somebody's name. */
class OwnerIT {

    private static final String ANN = "ann";

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static URI files;

    private final PlainTus tus = new PlainTus();

    @BeforeAll
    static void start() {
        server = ExtendedServer.start(dir, new Curious(), "--narwhal.upload.expire-after=1h");
        files = server.uploads();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "DELETE", "GET"})
    void strangersRequest_isAnsweredAsIfThereWereNone(String method) throws Exception {
        URI upload = tus.create(files, 5, "ann.txt");
        giveToAnn(upload);

        HttpResponse<String> answer = send(method, upload);
        assertThat(answer.statusCode()).isEqualTo(404);
        // Nothing in it tells that there is one: not its expiry, either.
        assertThat(told(answer)).isEqualTo(told(send(method, files.resolve("/files/" + "0".repeat(32)))));
    }

    @Test
    void storage_askedInSomebodysName_knowsTheirsOnly() throws Exception {
        URI upload = tus.create(files, 5, "a.txt");
        URI other = tus.create(files, 5, "b.txt");
        assertThat(asked(upload, upload)).containsExactly("true", "false");
        assertThat(asked(upload, other)).containsExactly("true", "false");
        giveToAnn(other);
        assertThat(asked(upload, other)).containsExactly("false", "true");
    }

    private HttpResponse<String> send(String method, URI upload) throws Exception {
        boolean brings = method.equals("PATCH");
        BodyPublisher body = brings ? BodyPublishers.ofString("hello", UTF_8) : BodyPublishers.noBody();
        return brings
                ? tus.send(method, upload, body, "Upload-Offset", "0", "Content-Type", TusHeaders.OFFSET_CONTENT_TYPE)
                : tus.send(method, upload, body);
    }

    private static Map<String, List<String>> told(HttpResponse<String> answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.keySet().removeAll(List.of("date", "x-request-id"));
        return headers;
    }

    /** What an extension is told in the request's own name, and in another's. */
    private List<String> asked(URI request, URI about) throws Exception {
        HttpResponse<String> answer = tus.send("HEAD", request, BodyPublishers.noBody(), "X-About", about.getRawPath());
        return answer.headers().allValues("X-Known");
    }

    private static void giveToAnn(URI upload) {
        String path = upload.getPath();
        int changed = server.context()
                .getBean(JdbcClient.class)
                .sql("update upload set owner = :owner where id = :id")
                .param("owner", ANN)
                .param("id", path.substring(path.lastIndexOf('/') + 1))
                .update();
        assertThat(changed).isEqualTo(1);
    }

    static class Curious extends OneMethodExtension implements RequestHandler {

        Curious() {
            super(HttpMethod.HEAD);
        }

        @Override
        public void process(
                HttpMethod method,
                TusServletRequest request,
                TusServletResponse response,
                UploadStorageService storage,
                String owner)
                throws IOException {
            String about = request.getHeader("X-About");
            for (String who : about == null ? List.<String>of() : List.of(owner, ANN)) {
                response.addHeader("X-Known", String.valueOf(storage.getUploadInfo(about, who) != null));
            }
        }
    }
}
