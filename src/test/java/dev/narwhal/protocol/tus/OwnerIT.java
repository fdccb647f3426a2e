package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Only its owner finds an upload: in requests, and in extensions that read uploads of a named owner. */
class OwnerIT {

    private static final String ANN = "ann";
    private static final URI NEVER = URI.create("/files/" + "0".repeat(32));
    private static final List<UploadId> LEASES = new CopyOnWriteArrayList<>();

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static URI files;

    private static String key = "";

    private final PlainTus tus = PlainTus.with(key);

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(
                dir.resolve("data"),
                application -> application.initializers(early -> {
                    early.getBeanFactory().registerSingleton("usersExtension", new Curious());
                    early.getBeanFactory().addBeanPostProcessor(new CountedLeases());
                }),
                "--narwhal.upload.expire-after=1h",
                "--narwhal.access.mode=closed");
        files = server.uploads();
        key = server.context()
                .getBean(ApiKeys.class)
                .create("ben", Set.of(Role.UPLOAD, Role.READ), Limits.NONE, null, "test")
                .text();
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
        LEASES.clear();

        assertThat(send(method, upload).statusCode()).isEqualTo(404);
        tellsNothing(method, upload);
        assertThat(LEASES).doesNotContain(id(upload));
    }

    /** Of an upload that has expired, too, and of one that is finished. */
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "DELETE", "GET"})
    void strangersRequest_whateverHasBecomeOfIt_isAnsweredAsIfThereWereNone(String method) throws Exception {
        URI expired = tus.create(files, 5, "expired.txt");
        set(expired, "expires_at = created_at - interval '1' day, owner = 'ann'");
        URI finished = tus.create(files, 0, "empty.txt");
        giveToAnn(finished);
        LEASES.clear();

        for (URI upload : List.of(expired, finished)) {
            assertThat(send(method, upload).statusCode()).isEqualTo(404);
            tellsNothing(method, upload);
            assertThat(LEASES).doesNotContain(id(upload));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "DELETE", "GET"})
    void strangersRequest_besideALiveBody_learnsAndDisturbsNothing(String method) throws Exception {
        UploadLeases leases = server.context().getBean(UploadLeases.class);
        URI upload = tus.create(files, 10, "live.txt");
        try (HandFedPatch live =
                HandFedPatch.begin(upload, 0, 10, "X-Api-Key: " + key).send("hello".getBytes(UTF_8))) {
            await().until(() -> leases.holder(id(upload))
                    .flatMap(LeaseHolder::progress)
                    .filter(body -> body.end() == 5)
                    .isPresent());
            LeaseHolder holder = leases.holder(id(upload)).orElseThrow();
            giveToAnn(upload);
            LEASES.clear();

            assertThat(send(method, upload).statusCode()).isEqualTo(404);
            tellsNothing(method, upload);
            assertThat(LEASES).doesNotContain(id(upload));
            assertThat(leases.holder(id(upload))).containsSame(holder);
            assertThat(recordedOffset(upload)).isZero();

            assertThat(live.send("world".getBytes(UTF_8)).status()).isEqualTo(204);
        }
        assertThat(recordedOffset(upload)).isEqualTo(10);
    }

    @Test
    void final_ofAStrangersPartial_isRefusedAsIfThereWereNone() throws Exception {
        URI own = tus.partial(files, "own".getBytes(UTF_8));
        URI anns = tus.partial(files, "ann".getBytes(UTF_8));
        giveToAnn(anns);

        HttpResponse<String> answer = concatenate(own, anns);
        assertThat(answer.statusCode()).isEqualTo(404);
        isSame(answer, concatenate(own, NEVER));
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

    /** No answer reveals that the upload exists, whether the rest of the request is right or wrong. */
    private void tellsNothing(String method, URI upload) throws Exception {
        URI never = files.resolve(NEVER);
        isSame(send(method, upload), send(method, never));
        String[] wrong = {"Tus-Resumable", "0.2.2", "Upload-Offset", "99"};
        isSame(send(method, upload, wrong), send(method, never, wrong));
    }

    private static void isSame(HttpResponse<String> one, HttpResponse<String> other) {
        assertThat(one.statusCode()).isEqualTo(other.statusCode());
        assertThat(told(one)).isEqualTo(told(other));
        assertThat(one.body()).isEqualTo(other.body());
    }

    private HttpResponse<String> send(String method, URI upload, String... headers) throws Exception {
        boolean brings = method.equals("PATCH");
        BodyPublisher body = brings ? BodyPublishers.ofString("hello", UTF_8) : BodyPublishers.noBody();
        List<String> all = new ArrayList<>(List.of(headers));
        if (brings) {
            all.addAll(List.of("Content-Type", TusHeaders.OFFSET_CONTENT_TYPE));
            if (!all.contains("Upload-Offset")) {
                all.addAll(List.of("Upload-Offset", "0"));
            }
        }
        return tus.send(method, upload, body, all.toArray(String[]::new));
    }

    private HttpResponse<String> concatenate(URI... partials) throws Exception {
        String urls = Stream.of(partials).map(URI::getRawPath).collect(Collectors.joining(" "));
        return tus.send("POST", files, BodyPublishers.noBody(), "Upload-Concat", "final;" + urls);
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
        set(upload, "owner = '" + ANN + "'");
    }

    private static void set(URI upload, String columns) {
        int changed = server.context()
                .getBean(JdbcClient.class)
                .sql("update upload set " + columns + " where id = :id")
                .param("id", id(upload).value())
                .update();
        assertThat(changed).isEqualTo(1);
    }

    private static long recordedOffset(URI upload) {
        return server.context()
                .getBean(UploadRepository.class)
                .find(id(upload))
                .orElseThrow()
                .offset();
    }

    private static UploadId id(URI upload) {
        String path = upload.getPath();
        return new UploadId(path.substring(path.lastIndexOf('/') + 1));
    }

    /** Remembers for which uploads a lease was asked for. */
    private static final class CountedLeases implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof UploadLeases
                    ? Proxy.newProxyInstance(
                            UploadLeases.class.getClassLoader(),
                            new Class<?>[] {UploadLeases.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().startsWith("acquire")) {
                                    LEASES.add((UploadId) arguments[0]);
                                }
                                return method.invoke(bean, arguments);
                            })
                    : bean;
        }
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
