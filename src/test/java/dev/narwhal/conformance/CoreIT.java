package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section B: versions, OPTIONS, strict values. */
class CoreIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 1, level = M)
    @DisplayName("T1 Every answer to success and failure carries Tus-Resumable")
    void t1_answer_carriesTheVersion() throws IOException {
        URI upload = tus.create(10);
        List<RawRequest> requests = List.of(
                tus.post(3).body(""),
                tus.post().body(""),
                tus.request("HEAD", upload),
                tus.request("HEAD", tus.missing()),
                tus.patch(upload, 0).body("abc"),
                tus.patch(upload, 0).body("abc"),
                tus.patch(upload, 3).with("Content-Type", "text/plain").body("abc"),
                tus.patch(upload, 3).body("more than fits"),
                tus.patch(tus.missing(), 0).body("abc"),
                tus.request("PUT", upload).body("abc"),
                tus.request("DELETE", upload).body(""),
                tus.request("DELETE", upload).body(""));
        for (RawRequest request : requests) {
            assertThat(tus.send(request)).hasHeader("Tus-Resumable", "1.0.0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "POST", "DELETE"})
    @Item(value = 2, level = M)
    @DisplayName("T2 A request of another version is refused with 412 and Tus-Version")
    void t2_request_ofAnotherVersion(String method) throws IOException {
        RawRequest request = ofVersion(method, tus.create(10), "0.2.2");
        assertThat(tus.send(request)).hasStatus(412).lists("Tus-Version", "1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "POST", "DELETE"})
    @Item(value = 3, level = M)
    @DisplayName("T3 A request without a version is refused with 412 and Tus-Version")
    void t3_request_withoutAVersion(String method) throws IOException {
        RawRequest request = ofVersion(method, tus.create(10), "");
        assertThat(tus.send(request)).hasStatus(412).lists("Tus-Version", "1.0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, 0.2.2",
        "PATCH, 0.2.2",
        "POST, 0.2.2",
        "DELETE, 0.2.2",
        "HEAD, ''",
        "PATCH, ''",
        "POST, ''",
        "DELETE, ''"
    })
    @Item(value = 4, level = M)
    @DisplayName("T4 What is refused for its version changes nothing")
    void t4_refusedVersion_changesNothing(String method, String version) throws IOException {
        URI upload =
                tus.created(tus.post(10).header("Upload-Metadata", "k dg==").body(""));
        RawResponse before = tus.head(upload);
        RawResponse answer = tus.send(ofVersion(method, upload, version));
        // Whether it is refused is for T2 and T3; a HEAD changes nothing in either case.
        if (!method.equals("HEAD")) {
            assertThat(answer).isNoSuccess();
        }
        assertThat(answer).hasNoHeader("Location");
        assertThat(tus.head(upload))
                .isSuccess()
                .hasHeader("Upload-Offset", "0")
                .hasHeader("Upload-Length", "10")
                .hasHeader("Upload-Metadata", "k dg==");
        assertThat(tus.head(upload).values("Upload-Expires")).isEqualTo(before.values("Upload-Expires"));
    }

    private RawRequest ofVersion(String method, URI upload, String version) {
        RawRequest request = method.equals("POST")
                ? tus.post(10).body("")
                : tus.patch(upload, 0).method(method).body(method.equals("PATCH") ? "abc" : "");
        RawRequest bare = request.without("Tus-Resumable");
        return version.isEmpty() ? bare : bare.header("Tus-Resumable", version);
    }

    @Test
    @Item(value = 5, level = M)
    @DisplayName("T5 OPTIONS needs no version and tells which ones there are")
    void t5_options_withoutAVersion() throws IOException {
        assertThat(tus.send(RawRequest.of("OPTIONS", tus.creationUrl())))
                .hasStatus(200, 204)
                .lists("Tus-Version", "1.0.0")
                .hasNoBody();
    }

    @Test
    @Item(value = 6, level = M)
    @DisplayName("T6 OPTIONS ignores the version that the client names")
    void t6_options_ofAnotherVersion() throws IOException {
        assertThat(tus.send(RawRequest.of("OPTIONS", tus.creationUrl()).header("Tus-Resumable", "9")))
                .hasStatus(200, 204)
                .lists("Tus-Version", "1.0.0");
    }

    @Test
    @Item(value = 7, level = I)
    @DisplayName("T7 OPTIONS of an upload is answered while that upload is being written, and does not stop the writer")
    void t7_options_whileABodyComes() throws IOException {
        URI upload = tus.create(6);
        try (RawHttp writer = tus.beginPatch(upload, 0, 6).send("abc")) {
            assertThat(tus.send(RawRequest.of("OPTIONS", upload)))
                    .hasStatus(200, 204)
                    .lists("Tus-Version", "1.0.0")
                    .lists("Tus-Extension", "creation");
            assertThat(writer.send("def").read()).hasStatus(204).hasHeader("Upload-Offset", "6");
        }
    }

    @Test
    @Item(value = 9, level = S)
    @DisplayName("T9 Tus-Max-Size is a number, or absent")
    void t9_options_maxSizeIsANumber() throws IOException {
        for (String maxSize : options().values("Tus-Max-Size")) {
            assertThat(maxSize).matches("[0-9]{1,19}");
        }
    }

    @Test
    @Item(value = 15, level = I)
    @DisplayName("T15 A method that nobody knows is refused with 405 and Allow")
    void t15_unsupportedMethod() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(tus.request("PUT", upload).body("abc")))
                .hasStatus(405)
                .lists("Allow", "PATCH", "HEAD");
        assertThat(tus.offset(upload)).isZero();
        assertThat(tus.send(tus.request("PUT", tus.creationUrl()).body("abc")))
                .hasStatus(405)
                .lists("Allow", "POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+1", "0x1", "1 0", "1.0", "1e2", "", "abc", "9223372036854775808", "1,2"})
    @Item(value = 18, level = M)
    @DisplayName("T18 An Upload-Offset that is no whole number from 0 to 2^63-1 is refused with 400")
    void t18_offset_isNoNumber(String value) throws IOException {
        URI upload = tus.create(10);
        assertThat(tus.send(tus.patch(upload, 0).with("Upload-Offset", value).body("abc")))
                .hasStatusOr(400, 409);
        assertThat(tus.offset(upload)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "Upload-Length, 10, 20",
        "Upload-Length, 10, 10",
        "Upload-Defer-Length, 1, 0",
        "Upload-Metadata, a Yg==, c ZA=="
    })
    @Item(value = 19, level = I)
    @DisplayName("T19 D35 A tus header that was sent twice with two values is refused with 400")
    void t19_creation_withAHeaderTwice(String name, String one, String other) throws IOException {
        RawRequest creation = name.equals("Upload-Metadata") ? tus.post(10) : tus.post();
        RawResponse answer =
                tus.send(creation.header(name, one).header(name, other).body(""));
        // Identical values may be taken for one.
        if (!one.equals(other) || !answer.isSuccess()) {
            assertThat(answer).hasStatus(400).hasNoHeader("Location");
        }
    }

    @Test
    @Item(value = 19, level = I)
    @DisplayName("T19 A PATCH with two Upload-Offset headers is refused with 400")
    void t19_patch_withTwoOffsets() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "abc");
        assertThat(tus.send(tus.patch(upload, 3).header("Upload-Offset", "0").body("def")))
                .hasStatus(400);
        assertThat(tus.send(tus.patch(upload, 0).header("Upload-Offset", "3").body("def")))
                .hasStatus(400);
        assertThat(tus.offset(upload)).isEqualTo(3);
    }

    private RawResponse options() throws IOException {
        return tus.send(RawRequest.of("OPTIONS", tus.creationUrl()));
    }
}
