package dev.narwhal.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.access.audit.AuditLog;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the API and the tus path tell the audit log, and who may read it; and the use of owners. */
class AuditApiIT {

    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");

    private static final Map<String, String> KEYS = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init")
    private static ServerInProcess server;

    @BeforeAll
    static void start(@TempDir Path dir) {
        server = ServerInProcess.start(
                dir.resolve("data"),
                application -> application.sources(Endpoints.class),
                "--narwhal.access.mode=closed",
                "--narwhal.limits.owner.active-uploads=7");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(String method, String path, String owner, Role role) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.root().resolve(path))
                .method(method, BodyPublishers.noBody())
                .header("X-Api-Key", key(owner, role))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString());
        }
    }

    private static String key(String owner, Role role) {
        return KEYS.computeIfAbsent(
                owner + role,
                unused -> server.context()
                        .getBean(ApiKeys.class)
                        .create(owner, Set.of(role), Limits.NONE, null, "machine")
                        .text());
    }

    private static String audit() throws Exception {
        server.context().getBean(AuditLog.class).flush();
        HttpResponse<String> answer = send("GET", "api/v1/audit?limit=200", "root", Role.ADMIN);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void administration_isRecorded_ownersWorkIsNot() throws Exception {
        assertThat(send("POST", "api/v1/test/steer/abc", "olga", Role.OPERATE).statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "api/v1/test/steer/fails", "olga", Role.OPERATE).statusCode())
                .isEqualTo(409);
        assertThat(send("POST", "api/v1/test/steer/mine", "ann", Role.UPLOAD).statusCode())
                .isEqualTo(200);

        // An entry comes after the answer.
        Awaitility.await().untilAsserted(() -> assertThat(audit()).contains("\"subject\":\"fails\""));
        assertThat(audit())
                .contains(
                        "\"address\":\"127.0.0.1\",\"action\":\"POST /api/v1/test/steer/{id}\",\"subject\":\"abc\",\"result\":\"done\"")
                .contains("\"subject\":\"fails\",\"result\":\"PARTIAL_IN_USE\"")
                .doesNotContain("\"subject\":\"mine\"");
    }

    @Test
    void refusals_areRecorded_withoutSecrets() throws Exception {
        assertThat(send("POST", "api/v1/test/administer", "eve", Role.READ).statusCode())
                .isEqualTo(403);
        PlainTus guesser = PlainTus.with("nwl_0123456789ab_" + "guessed".repeat(6));
        assertThat(guesser.tryCreate(server.uploads(), 1, "a").statusCode()).isEqualTo(401);
        assertThat(guesser.tryCreate(server.uploads(), 1, "a").statusCode()).isEqualTo(401);

        Awaitility.await().untilAsserted(() -> assertThat(audit()).contains("\"times\":2"));
        assertThat(audit())
                .contains("\"owner\":\"eve\"", "\"result\":\"SCOPE_MISSING\"")
                .contains("\"action\":\"tus POST\",\"subject\":\"\",\"result\":\"CREDENTIALS_INVALID\",\"times\":2")
                .doesNotContain("guessed");
    }

    @Test
    void refusalsOfTheGuard_areRecorded() throws Exception {
        HttpRequest guess = HttpRequest.newBuilder(server.root().resolve("api/v1/audit"))
                .header("X-Api-Key", "nwl_0123456789ab_" + "guessed".repeat(6))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(guess, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
        }

        Awaitility.await()
                .untilAsserted(() -> assertThat(audit())
                        .contains("\"action\":\"api GET\",\"subject\":\"\",\"result\":\"CREDENTIALS_INVALID\""));
    }

    @Test
    void log_isForAdministratorsAlone_andHasPages() throws Exception {
        assertThat(send("GET", "api/v1/audit", "olga", Role.OPERATE).statusCode())
                .isEqualTo(403);
        Awaitility.await().untilAsserted(() -> assertThat(audit()).contains("\"action\":\"GET /api/v1/audit\""));
        for (int i = 0; i < 3; i++) {
            assertThat(send("POST", "api/v1/test/steer/page" + i, "olga", Role.OPERATE)
                            .statusCode())
                    .isEqualTo(200);
        }
        Awaitility.await().untilAsserted(() -> assertThat(audit()).contains("\"subject\":\"page2\""));
        String first = send("GET", "api/v1/audit?limit=2", "root", Role.ADMIN).body();
        Matcher next = NEXT.matcher(first);
        assertThat(next.find()).isTrue();
        assertThat(first).contains("page2", "page1");

        assertThat(send("GET", "api/v1/audit?limit=2&cursor=" + next.group(1), "root", Role.ADMIN)
                        .body())
                .contains("page0")
                .doesNotContain("page1");
        assertThat(send("GET", "api/v1/audit?limit=0", "root", Role.ADMIN).statusCode())
                .isEqualTo(400);
    }

    @Test
    void owners_seeTheirUse_operatorsThatOfAll() throws Exception {
        ApiKeys keys = server.context().getBean(ApiKeys.class);
        for (String owner : new String[] {"pat", "sam"}) {
            String key = keys.create(owner, Set.of(Role.UPLOAD), Limits.NONE, null, "machine")
                    .text();
            var unused = PlainTus.with(key).create(server.uploads(), 5, "a");
        }

        assertThat(send("GET", "api/v1/owners", "pat", Role.READ).body())
                .contains("{\"owner\":\"pat\",\"usage\":{\"stagedBytes\":5,\"activeUploads\":1},\"limits\":"
                        + "{\"stagedBytes\":null,\"activeUploads\":7,")
                .doesNotContain("sam");
        String first =
                send("GET", "api/v1/owners?limit=1", "olga", Role.OPERATE).body();
        Matcher next = NEXT.matcher(first);
        assertThat(first).contains("pat").doesNotContain("sam");
        assertThat(next.find()).isTrue();
        assertThat(send("GET", "api/v1/owners?limit=1&cursor=" + next.group(1), "olga", Role.OPERATE)
                        .body())
                .contains("sam");
    }

    @Test
    void madeKey_isNamed_withoutItsText() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(server.root().resolve("api/v1/keys"))
                .header("X-Api-Key", key("root", Role.ADMIN))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"owner\":\"uma\",\"scopes\":[\"upload\"]}"))
                .build();
        String made;
        try (HttpClient http = HttpClient.newHttpClient()) {
            made = http.send(post, BodyHandlers.ofString()).body();
        }
        Matcher key = Pattern.compile("nwl_([0-9a-f]{12})_([0-9A-Za-z_-]+)").matcher(made);
        assertThat(key.find()).as(made).isTrue();

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(audit()).contains("\"action\":\"POST /api/v1/keys\",\"subject\":\"" + key.group(1)));
        assertThat(audit()).doesNotContain(key.group(2));
    }

    @Test
    void requestsAndCreationsOfTheApi_areLimited() throws Exception {
        String slow = server.context()
                .getBean(ApiKeys.class)
                .create("tom", Set.of(Role.UPLOAD, Role.READ), limits(1L), null, "machine")
                .text();
        KEYS.put("tom" + Role.READ, slow);

        HttpResponse<String> refused = send("GET", "api/v1/owners", "tom", Role.READ);
        for (int i = 0; i < 500 && refused.statusCode() == 200; i++) {
            refused = send("GET", "api/v1/owners", "tom", Role.READ);
        }

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("TOO_MANY_REQUESTS");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    }

    private static Limits limits(long requestsPerSecond) {
        return new Limits(null, null, null, null, requestsPerSecond, null);
    }

    @RestController
    static class TestController {

        @Needs({Role.UPLOAD, Role.OPERATE})
        @PostMapping("/api/v1/test/steer/{id}")
        String steer(@PathVariable String id) {
            if (id.equals("fails")) {
                throw new ApiProblem(ApiError.PARTIAL_IN_USE, "in our words");
            }
            return id;
        }

        @Needs(Role.ADMIN)
        @PostMapping("/api/v1/test/administer")
        String administer() {
            return "done";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Endpoints {

        @Bean
        TestController testController() {
            return new TestController();
        }
    }
}
