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
    @Item(
            value = {2, 4},
            level = M)
    @DisplayName("T2 T4 A request of another version is refused with 412 and Tus-Version, and changes nothing")
    void t2_request_ofAnotherVersion(String method) throws IOException {
        refusesVersion(method, "0.2.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "POST", "DELETE"})
    @Item(
            value = {3, 4},
            level = M)
    @DisplayName("T3 T4 A request without a version is refused with 412 and Tus-Version, and changes nothing")
    void t3_request_withoutAVersion(String method) throws IOException {
        refusesVersion(method, "");
    }

    private void refusesVersion(String method, String version) throws IOException {
        URI upload =
                tus.created(tus.post(10).header("Upload-Metadata", "k dg==").body(""));
        tus.append(upload, 0, "abc");
        RawRequest request = method.equals("POST")
                ? tus.post(10).body("")
                : tus.patch(upload, 3).method(method).body(method.equals("PATCH") ? "def" : "");
        RawRequest refused = request.without("Tus-Resumable");
        assertThat(tus.send(version.isEmpty() ? refused : refused.header("Tus-Resumable", version)))
                .hasStatus(412)
                .lists("Tus-Version", "1.0.0")
                .hasNoHeader("Location");
        assertThat(tus.head(upload))
                .isSuccess()
                .hasHeader("Upload-Offset", "3")
                .hasHeader("Upload-Length", "10")
                .hasHeader("Upload-Metadata", "k dg==");
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
    @Item(
            value = {8, 57, 84, 97, 135},
            level = M)
    @DisplayName("T8 T57 T84 T97 T135 OPTIONS lists creation, creation-with-upload, creation-defer-length, termination")
    void t8_options_listsExtensions() throws IOException {
        assertThat(options())
                .lists("Tus-Extension", "creation", "creation-with-upload", "creation-defer-length", "termination");
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
    @Item(value = 10, level = M)
    @DisplayName(
            "T10 What OPTIONS lists is complete: no checksum-trailer without checksum, no list without its algorithms")
    void t10_options_claimsNoHalfExtension() throws IOException {
        RawResponse options = options();
        String extensions = options.required("Tus-Extension");
        if (extensions.contains("checksum")) {
            assertThat(options).lists("Tus-Extension", "checksum").lists("Tus-Checksum-Algorithm", "sha1");
        } else {
            assertThat(options).hasNoHeader("Tus-Checksum-Algorithm");
        }
        if (extensions.contains("concatenation-unfinished")) {
            assertThat(options).lists("Tus-Extension", "concatenation");
        }
    }

    @Test
    @Item(value = 15, level = I)
    @DisplayName("T15 A method that an upload does not know is refused with 405 and Allow")
    void t15_unsupportedMethod_onAnUpload() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(tus.request("PUT", upload).body("abc")))
                .hasStatus(405)
                .lists("Allow", "PATCH", "HEAD", "DELETE", "OPTIONS");
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(value = 15, level = I)
    @DisplayName("T15 A method that the creation URL does not know is refused with 405 and Allow")
    void t15_unsupportedMethod_onTheCreationUrl() throws IOException {
        assertThat(tus.send(tus.request("PATCH", tus.creationUrl()).body("abc")))
                .hasStatus(405)
                .lists("Allow", "POST", "OPTIONS");
        assertThat(tus.send(tus.request("DELETE", tus.creationUrl()).body(""))).hasStatus(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+1", "0x1", "1 0", "1.0", "1e2", "", "abc", "9223372036854775808", "1,2"})
    @Item(value = 18, level = M)
    @DisplayName("T18 An Upload-Offset that is no whole number from 0 to 2^63-1 is refused with 400")
    void t18_offset_isNoNumber(String value) throws IOException {
        URI upload = tus.create(10);
        assertThat(tus.send(tus.patch(upload, 0).with("Upload-Offset", value).body("abc")))
                .hasStatus(400);
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
