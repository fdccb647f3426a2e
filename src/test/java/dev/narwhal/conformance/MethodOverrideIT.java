package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section B: X-HTTP-Method-Override, without which tus-java-client cannot send a PATCH. */
class MethodOverrideIT {

    private static final String OVERRIDE = "X-HTTP-Method-Override";

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 11, level = M)
    @DisplayName("T11 POST with the override PATCH appends")
    void t11_post_asPatch() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(asPost(tus.patch(upload, 0), "PATCH").body("abc")))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "3");
        assertThat(tus.offset(upload)).isEqualTo(3);
    }

    @Test
    @Item(value = 11, level = M)
    @DisplayName("T11 POST with the override PATCH appends as tus-java-client sends it: in chunks, expecting 100")
    void t11_post_asJavaClient() throws IOException {
        URI upload = tus.create(3);
        try (RawHttp http = tus.begin(asPost(tus.patch(upload, 0), "PATCH").announcingChunks())) {
            http.send("3\r\nabc\r\n0\r\n\r\n");
            assertThat(http.read()).hasStatus(204).hasHeader("Upload-Offset", "3");
        }
        tus.holds(upload, "abc");
    }

    @Test
    @Item(value = 12, level = M, needs = "termination")
    @DisplayName("T12 POST with the override DELETE terminates")
    void t12_post_asDelete() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(asPost(tus.request("POST", upload), "DELETE").body("")))
                .hasStatus(204);
        assertThat(tus.head(upload)).hasStatus(404, 410);
    }

    @Test
    @Item(value = 12, level = M)
    @DisplayName("T12 POST with the override HEAD tells the offset")
    void t12_post_asHead() throws IOException {
        URI upload = tus.create(5);
        tus.append(upload, 0, "abc");
        assertThat(tus.send(asPost(tus.request("POST", upload), "HEAD").body("")))
                .isSuccess()
                .hasHeader("Upload-Offset", "3")
                .hasHeader("Upload-Length", "5")
                .hasNoBody();
    }

    @ParameterizedTest
    @ValueSource(strings = {"patch", "Patch", " PATCH ", "\tpatch\t"})
    @Item(value = 13, level = I)
    @DisplayName("T13 The override may be in any case and have blanks around it")
    void t13_override_inAnotherSpelling(String value) throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(asPost(tus.patch(upload, 0), value).body("abc")))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "POST", "DELETE"})
    @Item(value = 14, level = M)
    @DisplayName("T14 D26 An override with an unknown method is refused as that method, and does nothing")
    void t14_override_isUnknown(String method) throws IOException {
        URI upload = tus.create(3);
        RawRequest request =
                method.equals("POST") ? tus.post(3) : tus.patch(upload, 0).method(method);
        assertThat(tus.send(request.header(OVERRIDE, "FOO").body(method.equals("PATCH") ? "abc" : "")))
                .hasStatus(405, 501)
                .hasNoHeader("Location");
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(value = 14, level = M)
    @DisplayName("T14 An override with a method that the URL does not know creates nothing")
    void t14_override_toAMethodThatTheUrlDoesNotKnow() throws IOException {
        RawResponse answer = tus.send(tus.post(3).header(OVERRIDE, "PATCH").body(""));
        assertThat(answer).isNoSuccess().hasNoHeader("Location");
    }

    @Test
    @Item(value = 16, level = I)
    @DisplayName("T16 An override on another method than POST is obeyed or ignored, with nothing in between")
    void t16_override_onAnotherMethod() throws IOException {
        URI upload = tus.create(3);
        RawResponse put = tus.send(
                tus.patch(upload, 0).method("PUT").header(OVERRIDE, "PATCH").body("abc"));
        if (put.isSuccess()) {
            assertThat(put).hasHeader("Upload-Offset", "3");
        }
        assertThat(tus.offset(upload)).isEqualTo(put.isSuccess() ? 3 : 0);
        RawResponse get = tus.send(tus.request("GET", upload).header(OVERRIDE, "DELETE"));
        if (get.status() == 204) {
            assertThat(tus.head(upload)).hasStatus(404, 410);
        } else {
            assertThat(tus.head(upload)).isSuccess();
        }
    }

    private static RawRequest asPost(RawRequest request, String override) {
        return request.method("POST").header(OVERRIDE, override);
    }
}
