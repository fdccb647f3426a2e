package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section G: uploads whose length is told later. */
class DeferredLengthIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 85, level = M)
    @DisplayName("T85 An upload can be created without a length, and takes bytes")
    void t85_creation_withoutALength() throws IOException {
        RawResponse answer = tus.send(tus.postDeferred().body(""));
        assertThat(answer).hasStatus(201).hasHeaderIfAny("Upload-Offset", "0");
        URI upload = answer.location(tus.creationUrl());
        tus.append(upload, 0, "abc");
        assertThat(tus.offset(upload)).isEqualTo(3);
    }

    @Test
    @Item(value = 87, level = M)
    @DisplayName("T87 HEAD says that the length is deferred, and gives none, before and after bytes")
    void t87_head_whileTheLengthIsDeferred() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.head(upload))
                .isSuccess()
                .hasHeader("Upload-Offset", "0")
                .hasHeader("Upload-Defer-Length", "1")
                .hasNoHeader("Upload-Length");
        tus.append(upload, 0, "abc");
        assertThat(tus.head(upload))
                .isSuccess()
                .hasHeader("Upload-Offset", "3")
                .hasHeader("Upload-Defer-Length", "1")
                .hasNoHeader("Upload-Length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "true", "", "01", "1 1"})
    @Item(value = 86, level = S)
    @DisplayName("T86 D20 An Upload-Defer-Length that is not 1 is refused with 400, with and without a length")
    void t86_creation_deferLengthIsNotOne(String value) throws IOException {
        for (RawRequest creation : new RawRequest[] {tus.post(), tus.post(3)}) {
            assertThat(tus.send(creation.header("Upload-Defer-Length", value).body("")))
                    .hasStatus(400)
                    .hasNoHeader("Location");
        }
    }

    @Test
    @Item(value = 88, level = M)
    @DisplayName("T88 A PATCH with bytes fixes the length")
    void t88_patch_withLengthAndBytes() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 0, "5").body("abc")))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "3");
        hasLength(upload, "3", "5");
        tus.append(upload, 3, "de");
        tus.holds(upload, "abcde");
    }

    @Test
    @Item(value = 88, level = M)
    @DisplayName("T88 A PATCH without bytes fixes the length")
    void t88_patch_withLengthAlone() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 0, "5").body(""))).hasStatus(204).hasHeader("Upload-Offset", "0");
        hasLength(upload, "0", "5");
    }

    @Test
    @Item(value = 89, level = I)
    @DisplayName("T89 D3 The length counts before the body: bytes beyond it are refused")
    void t89_patch_bodyIsBoundedByItsLength() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 0, "5").chunked("abcde", "fghij")))
                .hasStatus(400, 413);
        long offset = tus.offset(upload);
        assertThat(offset).isIn(0L, 5L);
        hasLength(upload, Long.toString(offset), "5");
        if (offset == 0) {
            tus.append(upload, 0, "abcde");
        }
        tus.holds(upload, "abcde");
    }

    @Test
    @Item(value = 89, level = I)
    @DisplayName("T89 D3 A body that announces more than its own length is refused with 413 before it is read")
    void t89_patch_announcesMoreThanItsLength() throws IOException {
        URI upload = tus.createDeferred();
        try (RawHttp http = RawHttp.open(withLength(upload, 0, "5").announcing(10))) {
            assertThat(http.read()).hasStatus(413);
        }
        assertThat(tus.offset(upload)).isZero();
        // The refusal may or may not have fixed the length.
        assertThat(tus.send(withLength(upload, 0, "5").body("abcde"))).hasStatusOr(204, 400);
        assertThat(tus.head(upload)).isSuccess();
    }

    @Test
    @Item(value = 89, level = I)
    @DisplayName("T89 The length survives a connection that drops in the middle of the body")
    void t89_length_survivesADroppedConnection() throws IOException {
        URI upload = tus.createDeferred();
        try (RawHttp http = tus.begin(withLength(upload, 0, "5").announcing(5))) {
            http.send("abc");
        }
        // How many bytes are kept is for T45.
        Awaitility.await("the length")
                .atMost(PATIENCE)
                .until(() -> tus.head(upload).values("Upload-Length"), List.of("5")::equals);
        String rest = "abcde".substring((int) tus.offset(upload));
        tus.append(upload, 5 - rest.length(), rest);
        tus.holds(upload, "abcde");
    }

    @Test
    @Item(value = 90, level = M)
    @DisplayName("T90 D3 A length once fixed cannot change")
    void t90_patch_withAnotherLength() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 0, "9").body("abc"))).hasStatus(204);
        for (String other : new String[] {"8", "10", "3"}) {
            assertThat(tus.send(withLength(upload, 3, other).body("def"))).hasStatus(400);
            hasLength(upload, "3", "9");
        }
        tus.append(upload, 3, "def");
    }

    @Test
    @Item(value = 90, level = M)
    @DisplayName("T90 A length given at creation cannot change")
    void t90_patch_withAnotherLengthThanTheCreation() throws IOException {
        URI upload = tus.create(5);
        assertThat(tus.send(withLength(upload, 0, "6").body("abc"))).hasStatus(400);
        hasLength(upload, "0", "5");
        tus.append(upload, 0, "abc");
    }

    @Test
    @Item(value = 90, level = M)
    @DisplayName("T90 The length that is fixed may be said again; where it may not, that is said with 400")
    void t90_patch_withTheSameLength() throws IOException {
        URI upload = tus.create(5);
        RawResponse answer = tus.send(withLength(upload, 0, "5").body("abc"));
        assertThat(answer).hasStatusOr(204, 400);
        hasLength(upload, answer.isSuccess() ? "3" : "0", "5");
    }

    @Test
    @Item(value = 91, level = I)
    @DisplayName("T91 D3 A length below the offset is refused with 400")
    void t91_patch_lengthBelowTheOffset() throws IOException {
        URI upload = tus.createDeferred();
        tus.append(upload, 0, "abcde");
        assertThat(tus.send(withLength(upload, 5, "3").body(""))).hasStatus(400);
        assertThat(tus.head(upload)).hasHeader("Upload-Defer-Length", "1").hasHeader("Upload-Offset", "5");
        tus.append(upload, 5, "fgh");
    }

    @Test
    @Item(value = 92, level = I)
    @DisplayName("T92 A later length beyond the largest size, where there is one, is refused with 413")
    void t92_patch_lengthBeyondTheMaxSize() throws IOException {
        String maxSize = tus.send(RawRequest.of("OPTIONS", tus.creationUrl()))
                .header("Tus-Max-Size")
                .orElse("");
        Assumptions.assumeFalse(maxSize.isEmpty(), "the server tells no largest size");
        String beyond = new BigInteger(maxSize).add(BigInteger.ONE).toString();
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 0, beyond).body("abc"))).hasStatus(413);
        assertThat(tus.head(upload)).hasHeader("Upload-Defer-Length", "1").hasHeader("Upload-Offset", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "", "9223372036854775808", "5.0"})
    @Item(value = 93, level = I)
    @DisplayName("T93 D3 A length that is no number is refused with 400")
    void t93_patch_lengthIsNoNumber(String length) throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 0, length).body("abc"))).hasStatus(400);
        assertThat(tus.head(upload)).hasHeader("Upload-Defer-Length", "1").hasHeader("Upload-Offset", "0");
    }

    @Test
    @Item(value = 95, level = I)
    @DisplayName("T95 D3 A length of 0 completes an upload that has no bytes")
    void t95_patch_lengthIsZero() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 0, "0").body(""))).hasStatus(204).hasHeader("Upload-Offset", "0");
        hasLength(upload, "0", "0");
        assertThat(tus.get(upload)).hasStatus(200).hasNoBody();
    }

    @Test
    @Item(value = 96, level = I)
    @DisplayName("T96 A length equal to the offset completes the upload: tus-js-client ends a stream so")
    void t96_patch_lengthIsTheOffset() throws IOException {
        URI upload = tus.createDeferred();
        tus.append(upload, 0, "abc");
        assertThat(tus.get(upload)).isNoSuccess();
        assertThat(tus.send(withLength(upload, 3, "3"))).hasStatus(204).hasHeader("Upload-Offset", "3");
        hasLength(upload, "3", "3");
        tus.holds(upload, "abc");
    }

    @Test
    @Item(value = 35, level = M, needs = "creation-defer-length")
    @DisplayName("T35 A PATCH at a wrong offset does not fix the length")
    void t35_patch_withLengthAtAWrongOffset() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(withLength(upload, 2, "5").body("abc"))).hasStatus(409);
        assertThat(tus.head(upload)).hasHeader("Upload-Defer-Length", "1").hasNoHeader("Upload-Length");
    }

    private RawRequest withLength(URI upload, long offset, String length) {
        return tus.patch(upload, offset).header("Upload-Length", length);
    }

    private void hasLength(URI upload, String offset, String length) throws IOException {
        assertThat(tus.head(upload))
                .isSuccess()
                .hasHeader("Upload-Offset", offset)
                .hasHeader("Upload-Length", length)
                .hasNoHeader("Upload-Defer-Length");
    }
}
