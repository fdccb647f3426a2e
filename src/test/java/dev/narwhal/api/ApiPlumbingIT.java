package dev.narwhal.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.ServerInProcess;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What every endpoint gets from the plumbing, shown with endpoints of the test's own. */
class ApiPlumbingIT {

    @SuppressWarnings("NullAway.Init")
    private static ServerInProcess server;

    @BeforeAll
    static void start(@TempDir Path dir) {
        server = ServerInProcess.start(dir.resolve("data"), application -> application.sources(Endpoints.class));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.root().resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code, String... words) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
        assertThat(List.of(words)).allSatisfy(word -> assertThat(answer.body()).contains(word));
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("dev.narwhal");
    }

    @Test
    void caller_withoutGuard_isAnybody() throws Exception {
        HttpResponse<String> answer = get("api/v1/test/caller");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.body()).isEqualTo("{\"owner\":\"\",\"at\":\"2026-12-01T03:00:00Z\",\"nothing\":null}");
    }

    @Test
    void caller_ofTheGuard_isTheArgument() throws Exception {
        assertThat(get("api/v1/test/caller", "X-Test-Owner", "anna", "X-Test-Role", "READ")
                        .body())
                .contains("\"owner\":\"anna\"");
    }

    @Test
    void caller_withoutRole_is403() throws Exception {
        assertProblem(
                get("api/v1/test/operate", "X-Test-Owner", "anna", "X-Test-Role", "READ"),
                403,
                "SCOPE_MISSING",
                "operate");
        assertThat(get("api/v1/test/operate", "X-Test-Owner", "anna", "X-Test-Role", "OPERATE")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("api/v1/test/operate", "X-Test-Owner", "anna", "X-Test-Role", "ADMIN")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void endpoint_withoutNeeds_answersNothing() throws Exception {
        assertProblem(get("api/v1/test/undeclared"), 500, "INTERNAL");
    }

    @Test
    void parameter_malformed_is400WithWhatItMayBe() throws Exception {
        assertProblem(
                get("api/v1/test/typed?since=yesterday"), 400, "INVALID_PARAMETER", "since", "2026-", "yesterday");
        assertProblem(get("api/v1/test/typed?limit=ten"), 400, "INVALID_PARAMETER", "limit", "whole number");
        assertProblem(get("api/v1/test/typed?role=king"), 400, "INVALID_PARAMETER", "role", "upload, read, operate");
        assertProblem(get("api/v1/test/typed?sinse=1"), 400, "INVALID_PARAMETER", "sinse", "limit, role, since");
        assertProblem(get("api/v1/test/record?limit=ten"), 400, "INVALID_PARAMETER", "limit", "whole number");
        assertProblem(get("api/v1/test/record?roles=read,king"), 400, "INVALID_PARAMETER", "roles", "king");
        assertProblem(get("api/v1/test/record?role=read"), 400, "INVALID_PARAMETER", "limit, roles");
        assertThat(get("api/v1/test/typed?role=read&since=2026-12-01T03:00:00Z").statusCode())
                .isEqualTo(200);
        assertThat(get("api/v1/test/record?roles=read&roles=UPLOAD&limit=5").body())
                .isEqualTo("{\"limit\":5,\"roles\":[\"READ\",\"UPLOAD\"]}");
    }

    @Test
    void body_thatIsNotTheExpectedJson_is400() throws Exception {
        String json = "application/json";
        assertProblem(send("POST", "api/v1/test/json", "{", "Content-Type", json), 400, "INVALID_BODY");
        assertProblem(send("POST", "api/v1/test/json", "", "Content-Type", json), 400, "INVALID_BODY");
        assertProblem(
                send("POST", "api/v1/test/json", "{\"limit\":1,\"limmit\":2}", "Content-Type", json),
                400,
                "INVALID_BODY",
                "limmit");
        assertProblem(
                send("POST", "api/v1/test/json", "{\"limit\":\"1\"}", "Content-Type", json),
                400,
                "INVALID_BODY",
                "limit");
        assertProblem(
                send("POST", "api/v1/test/json", "{\"limit\":-1}", "Content-Type", json),
                400,
                "INVALID_BODY",
                "A limit is positive, not -1");
        assertProblem(
                send("POST", "api/v1/test/json", "x=1", "Content-Type", "text/plain"), 415, "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void requests_thatNoEndpointAnswers_areProblems() throws Exception {
        assertProblem(get("api/v1/nothing"), 404, "NOT_FOUND");
        HttpResponse<String> method = send("PUT", "api/v1/test/json", "{}", "Content-Type", "application/json");
        assertProblem(method, 405, "METHOD_NOT_ALLOWED");
        assertThat(method.headers().firstValue("Allow")).contains("POST");
        assertProblem(get("api/v1/test/caller", "Accept", "image/png"), 406, "NOT_ACCEPTABLE");
        HttpResponse<String> head = send("HEAD", "api/v1/nothing", "");
        assertThat(head.statusCode()).isEqualTo(404);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void failure_ofAController_showsNothingOfTheServer() throws Exception {
        assertProblem(get("api/v1/test/failing"), 500, "INTERNAL");
        assertProblem(get("api/v1/test/refusing"), 409, "PARTIAL_IN_USE", "in our words");
    }

    /** @param roles several */
    record Selection(@Nullable Integer limit, @Nullable List<Role> roles) {}

    record Command(int limit) {
        Command {
            if (limit < 1) {
                throw new IllegalArgumentException("A limit is positive, not " + limit + ".");
            }
        }
    }

    record Answer(String owner, Instant at, @Nullable String nothing) {}

    @RestController
    static class TestController {

        @Needs(Role.READ)
        @GetMapping("/api/v1/test/caller")
        Answer caller(Caller caller) {
            return new Answer(caller.owner(), Instant.parse("2026-12-01T03:00:00Z"), null);
        }

        @Needs(Role.OPERATE)
        @GetMapping("/api/v1/test/operate")
        List<String> operate() {
            return List.of();
        }

        @GetMapping("/api/v1/test/undeclared")
        List<String> undeclared() {
            return List.of();
        }

        @Needs(Role.READ)
        @GetMapping("/api/v1/test/typed")
        List<String> typed(
                @RequestParam(required = false) @Nullable Instant since,
                @RequestParam(required = false) @Nullable Role role,
                @RequestParam(defaultValue = "1") int limit) {
            return List.of();
        }

        @Needs(Role.READ)
        @GetMapping("/api/v1/test/record")
        Selection record(@ModelAttribute Selection filter) {
            return filter;
        }

        @Needs(Role.READ)
        @PostMapping("/api/v1/test/json")
        Command json(@RequestBody Command command) {
            return command;
        }

        @Needs(Role.READ)
        @GetMapping("/api/v1/test/failing")
        List<String> failing() {
            throw new IllegalStateException("select secret from table");
        }

        @Needs(Role.READ)
        @GetMapping("/api/v1/test/refusing")
        List<String> refusing() {
            throw new ApiProblem(ApiError.PARTIAL_IN_USE, "in our words");
        }
    }

    /** Stands behind the guard. */
    @Configuration(proxyBeanMethods = false)
    static class Endpoints {

        @Bean
        TestController testController() {
            return new TestController();
        }

        @Bean
        FilterRegistrationBean<Filter> testGuard() {
            FilterRegistrationBean<Filter> last = new FilterRegistrationBean<>((request, response, chain) -> {
                String owner = ((HttpServletRequest) request).getHeader("X-Test-Owner");
                if (owner != null) {
                    String role = ((HttpServletRequest) request).getHeader("X-Test-Role");
                    request.setAttribute(
                            Caller.ATTRIBUTE, Caller.of(owner, Set.of(Role.valueOf(role)), Limits.NONE, "key:test"));
                }
                chain.doFilter(request, response);
            });
            last.setServletNames(List.of("dispatcherServlet"));
            return last;
        }
    }
}
