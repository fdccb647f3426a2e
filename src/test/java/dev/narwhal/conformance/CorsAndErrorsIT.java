package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section M: what browsers and proxies need, and how failures look. */
class CorsAndErrorsIT {

    private static final String ORIGIN = "https://app.example.org";

    private final TusClient tus = TusServer.client();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Content-Type",
                "Tus-Resumable",
                "Upload-Length",
                "Upload-Offset",
                "Upload-Metadata",
                "X-HTTP-Method-Override",
                "X-Requested-With",
                "X-Request-ID"
            })
    @Item(value = 162, level = I)
    @DisplayName("T162 D27 A preflight allows PATCH with each header of tus clients, on both kinds of URL")
    void t162_preflight_allowsHeader(String header) throws IOException {
        for (URI url : new URI[] {tus.creationUrl(), tus.create(3), tus.missing()}) {
            RawResponse answer = preflight(url, "PATCH", header.toLowerCase(Locale.ROOT));
            allows(answer, "Access-Control-Allow-Methods", "PATCH");
            allows(answer, "Access-Control-Allow-Headers", header);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "creation-defer-length, POST, Upload-Defer-Length",
        "concatenation, POST, Upload-Concat",
        "checksum, PATCH, Upload-Checksum",
        "termination, DELETE, Tus-Resumable"
    })
    @Item(value = 162, level = I)
    @DisplayName("T162 D27 A preflight allows what the listed extensions need")
    void t162_preflight_allowsExtension(String extension, String method, String header) throws IOException {
        TusServer.assumeOffered(extension);
        RawResponse answer = preflight(tus.create(3), method, header.toLowerCase(Locale.ROOT));
        // A browser asks for no leave to send POST.
        if (!method.equals("POST")) {
            allows(answer, "Access-Control-Allow-Methods", method);
        }
        allows(answer, "Access-Control-Allow-Headers", header);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Our own server allows every header that a page asks for, as long as it allows every origin")
    void preflight_allowsAnyHeader() throws IOException {
        TusServer.assumeOwn();
        String asked = "baggage,sentry-trace,traceparent,tus-resumable,upload-length,x-csrf-token";
        RawResponse answer = preflight(tus.creationUrl(), "POST", asked);
        for (String header : asked.split(",")) {
            allows(answer, "Access-Control-Allow-Headers", header);
        }
    }

    private RawResponse preflight(URI url, String method, String header) throws IOException {
        RawResponse answer = tus.send(RawRequest.of("OPTIONS", url)
                .header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", header));
        isAllowed(answer);
        return assertThat(answer).hasStatus(200, 204).answer();
    }

    /** A star is enough, but for Authorization and where credentials are allowed (Fetch, section 3.3). */
    private static void allows(RawResponse answer, String list, String element) {
        boolean all = answer.values(list).contains("*")
                && answer.values("Access-Control-Allow-Credentials").isEmpty()
                && !element.equals("Authorization");
        if (!all) {
            assertThat(answer).lists(list, element);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("D27 Our own preflight allows the headers of the draft that comes after tus, and may be remembered")
    void preflight_ofOurOwnServer() throws IOException {
        TusServer.assumeOwn();
        assertThat(preflight(tus.create(3), "PATCH", "upload-complete"))
                .hasHeader("Access-Control-Max-Age")
                .lists("Access-Control-Allow-Methods", "POST", "HEAD", "PATCH", "DELETE", "OPTIONS", "GET")
                .lists(
                        "Access-Control-Allow-Headers",
                        "Upload-Complete",
                        "Upload-Draft-Interop-Version",
                        "Content-Disposition",
                        "Content-Digest",
                        "Repr-Digest",
                        "Want-Repr-Digest");
    }

    @Test
    @Item(value = 163, level = I)
    @DisplayName("T163 D27 A browser may read each header of tus in every answer, in failures too")
    void t163_answers_areReadable() throws IOException {
        URI upload = tus.create(3);
        RawRequest[] requests = {
            tus.post(3).body(""),
            tus.post().body(""),
            tus.post().header("Upload-Length", "3").without("Tus-Resumable").body(""),
            tus.request("HEAD", upload),
            tus.request("HEAD", tus.missing()),
            tus.patch(upload, 1).body("a"),
            tus.patch(upload, 0).body("abcd"),
            tus.patch(upload, 0).with("Content-Type", "text/plain").body("a"),
            tus.request("PUT", upload).body(""),
            tus.patch(upload, 0).body("ab"),
            tus.patch(upload, 2).body("c"),
            tus.request("DELETE", upload).body(""),
            tus.request("DELETE", upload).body("")
        };
        for (RawRequest request : requests) {
            RawResponse answer = tus.send(request.header("Origin", ORIGIN));
            isAllowed(answer);
            answer.headers().stream()
                    .map(RawResponse.Header::name)
                    .filter(name -> name.matches("(?i)(Upload|Tus)-.*|Location"))
                    .forEach(name -> allows(answer, "Access-Control-Expose-Headers", name));
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("D27 Our own server exposes all headers in every answer, to downloads too")
    void answers_ofOurOwnServer() throws IOException {
        TusServer.assumeOwn();
        URI finished = tus.finished("abc");
        RawRequest[] requests = {
            tus.post(3).body(""),
            tus.request("HEAD", tus.missing()),
            RawRequest.of("GET", finished),
            RawRequest.of("GET", finished).header("Range", "bytes=1-1"),
            RawRequest.of("GET", finished).header("Range", "bytes=9-"),
            RawRequest.of("GET", tus.missing())
        };
        for (RawRequest request : requests) {
            RawResponse answer = tus.send(request.header("Origin", ORIGIN));
            isAllowed(answer);
            assertThat(answer)
                    .lists(
                            "Access-Control-Expose-Headers",
                            "Location",
                            "Upload-Offset",
                            "Upload-Length",
                            "Upload-Metadata",
                            "Upload-Defer-Length",
                            "Upload-Concat",
                            "Upload-Expires",
                            "Tus-Version",
                            "Tus-Resumable",
                            "Tus-Max-Size",
                            "Tus-Extension",
                            "Tus-Checksum-Algorithm",
                            "Upload-Complete",
                            "Upload-Limit",
                            "Upload-Draft-Interop-Version");
        }
    }

    private static void isAllowed(RawResponse answer) {
        String allowed = answer.required("Access-Control-Allow-Origin");
        assertThat(allowed).isIn("*", ORIGIN);
        if (allowed.equals("*")) {
            assertThat(answer).hasNoHeader("Access-Control-Allow-Credentials");
        } else {
            assertThat(answer).lists("Vary", "Origin");
        }
    }

    @Test
    @Item(value = 164, level = I)
    @DisplayName("T164 D30 Failures have a short body of plain text or problem+json, and give nothing away")
    void t164_failures_areShortAndNeutral() throws IOException {
        URI upload = tus.create(3);
        Map<RawRequest, Integer> failures = new LinkedHashMap<>();
        failures.put(tus.post().body(""), 400);
        failures.put(tus.post(3).header("Upload-Metadata", "=,").body(""), 400);
        failures.put(tus.post(3).without("Tus-Resumable").body(""), 412);
        failures.put(tus.patch(tus.missing(), 0).body("a"), 404);
        failures.put(tus.patch(upload, 1).body("a"), 409);
        failures.put(tus.patch(upload, 0).body("abcd"), 413);
        failures.put(tus.patch(upload, 0).with("Content-Type", "text/plain").body("a"), 415);
        failures.put(tus.request("PUT", upload).body(""), 405);
        failures.put(RawRequest.of("GET", tus.missing()), 404);
        for (Map.Entry<RawRequest, Integer> failure : failures.entrySet()) {
            RawResponse answer = tus.send(failure.getKey());
            assertThat(answer).isNoSuccess();
            isNeutral(answer);
            // Which status it is has items of its own.
            if (!TusServer.isForeign()) {
                assertThat(answer).hasStatus(failure.getValue());
            }
        }
    }

    @Test
    @Item(value = 164, level = I)
    @DisplayName("T164 A failure of HEAD has no body")
    void t164_failureOfHead_hasNoBody() throws IOException {
        try (RawHttp http = RawHttp.open(tus.request("HEAD", tus.missing()))) {
            assertThat(http.read()).hasStatus(403, 404, 410);
            // Whatever came as a body would be taken for the next answer.
            assertThat(http.send(tus.request("HEAD", tus.create(3))).read()).isSuccess();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..%2f..%2fetc/passwd",
                "/%00",
                "/a|b",
                "/\\",
                "/%zz",
                "/../../../../etc/passwd",
                "/;jsessionid=1",
                "//",
                "/{x}",
                "/\"<script>"
            })
    @Item(value = 164, level = I)
    @DisplayName("T164 A URL that nobody can mean is refused in the same neutral way, with tus and CORS headers")
    void t164_strangeUrls_areRefused(String path) throws IOException {
        String base = tus.creationUrl().getPath().replaceAll("/$", "");
        for (String method : new String[] {"GET", "HEAD", "PATCH", "DELETE"}) {
            RawRequest request = tus.patch(tus.creationUrl(), 0)
                    .method(method)
                    .target(base + path)
                    .header("Origin", ORIGIN)
                    .body("");
            RawResponse answer = tus.send(request);
            assertThat(answer).isNoSuccess();
            isNeutral(answer);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("What our own server's container refuses by itself carries the same headers")
    void containersRefusals_lookTheSame() throws IOException {
        TusServer.assumeOwn();
        RawResponse answer = tus.send(tus.request("HEAD", tus.creationUrl())
                .target(tus.creationUrl().getPath() + "/a|b")
                .header("Origin", ORIGIN));
        assertThat(answer).hasStatus(400, 404).hasHeader("Tus-Resumable", "1.0.0");
        isAllowed(answer);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Our own server's refusals are not to be stored by caches")
    void failures_areNotCached() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(3);
        for (RawRequest refused : new RawRequest[] {
            tus.request("HEAD", tus.missing()),
            tus.request("HEAD", upload).without("Tus-Resumable"),
            RawRequest.of("GET", tus.missing()),
            RawRequest.of("GET", upload),
            RawRequest.of("GET", tus.finished("abc")).header("Range", "bytes=9-"),
            tus.patch(upload, 1).body("a"),
            tus.request("PUT", upload).body(""),
            tus.request("HEAD", upload).target(upload.getPath() + "/a|b")
        }) {
            assertThat(tus.send(refused)).isNoSuccess().hasHeader("Cache-Control", "no-store");
        }
    }

    private static void isNeutral(RawResponse answer) {
        String type = answer.header("Content-Type").orElse("");
        assertThat(type).matches("(application/problem\\+json|application/json|text/plain)?(;.*)?");
        assertThat(answer.text().length()).isLessThan(1000);
        assertThat(answer.text())
                .doesNotContainIgnoringCase("<html", "<!doctype", "exception", "\tat ", ".java", "/tmp", "select ");
        if (!answer.request().startsWith("HEAD ")) {
            assertThat(answer.values("Content-Length").size()
                            + answer.values("Transfer-Encoding").size())
                    .as("%s", answer)
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    @Item(value = 165, level = I)
    @DisplayName("T165 The type of a download is not to be guessed at")
    void t165_download_hasNosniff() throws IOException {
        assertThat(tus.get(tus.finished("abc"))).hasHeader("X-Content-Type-Options", "nosniff");
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Our own server says so in failures, too")
    void answers_haveNosniff() throws IOException {
        TusServer.assumeOwn();
        assertThat(tus.get(tus.missing())).hasHeader("X-Content-Type-Options", "nosniff");
        assertThat(tus.send(tus.patch(tus.finished("abc"), 1).body(""))).hasHeader("X-Content-Type-Options", "nosniff");
    }
}
