package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.MAY;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section D: appending bytes, one request at a time. */
class PatchIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 32, level = M)
    @DisplayName("T32 A PATCH at the offset appends, and says how far the upload is")
    void t32_patch_appends() throws IOException {
        byte[] content = new byte[300_000];
        new Random(32).nextBytes(content);
        URI upload = tus.create(content.length);
        int offset = 0;
        for (int size : new int[] {1, 4095, 4096, 4097, 100_000, 187_711}) {
            byte[] piece = new byte[size];
            System.arraycopy(content, offset, piece, 0, size);
            tus.append(upload, offset, piece);
            offset += size;
            assertThat(tus.offset(upload)).isEqualTo(offset);
        }
        tus.holds(upload, content);
    }

    @Test
    @Item(value = 32, level = M)
    @DisplayName("T32 A PATCH in chunks, without Content-Length, appends")
    void t32_patch_inChunks() throws IOException {
        URI upload = tus.create(10);
        assertThat(tus.send(tus.patch(upload, 0).chunked("a", "bcd", "efg")))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "7");
        assertThat(tus.send(tus.patch(upload, 7).chunked("hij"))).hasStatus(204).hasHeader("Upload-Offset", "10");
        tus.holds(upload, "abcdefghij");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/octet-stream", "application/offset+octet-streams"})
    @Item(value = 33, level = S)
    @DisplayName("T33 D14 A PATCH of another content type is refused with 415 and stores nothing")
    void t33_patch_ofAnotherContentType(String type) throws IOException {
        URI upload = tus.create(10);
        RawRequest patch = tus.patch(upload, 0).without("Content-Type");
        assertThat(tus.send((type.isEmpty() ? patch : patch.header("Content-Type", type)).body("abc")))
                .hasStatus(415);
        assertThat(tus.offset(upload)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/offset+octet-stream; charset=utf-8",
                "Application/Offset+Octet-Stream",
                "application/offset+octet-stream;x=\"y\""
            })
    @Item(value = 34, level = I)
    @DisplayName("T34 D14 The content type may be in any case and have parameters")
    void t34_patch_contentTypeInAnotherSpelling(String type) throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(tus.patch(upload, 0).with("Content-Type", type).body("abc")))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "3");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 4, 9, 10, 11, 1L << 40})
    @Item(value = 35, level = M)
    @DisplayName("T35 A PATCH at another offset is refused with 409 and stores nothing")
    void t35_patch_atAnotherOffset(long offset) throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "abc");
        assertThat(tus.send(tus.patch(upload, offset).body("x"))).hasStatus(409).hasHeaderIfAny("Upload-Offset", "3");
        assertThat(tus.offset(upload)).isEqualTo(3);
        tus.append(upload, 3, "defghij");
        tus.holds(upload, "abcdefghij");
    }

    @Test
    @Item(value = 35, level = M)
    @DisplayName("T35 A PATCH at another offset of a complete upload is refused with 409")
    void t35_patch_atAnotherOffsetOfACompleteUpload() throws IOException {
        URI upload = tus.finished("abc");
        for (String offset : new String[] {"0", "2", "4"}) {
            assertThat(tus.send(
                            tus.patch(upload, 0).with("Upload-Offset", offset).body("")))
                    .hasStatus(409)
                    .hasHeaderIfAny("Upload-Offset", "3");
        }
        tus.holds(upload, "abc");
    }

    @Test
    @Item(value = 37, level = I)
    @DisplayName("T37 A 409 tells the true offset, before and after the end")
    void t37_patch_isToldTheTrueOffset() throws IOException {
        URI upload = tus.create(5);
        tus.append(upload, 0, "abc");
        assertThat(tus.send(tus.patch(upload, 0).body("x"))).hasStatus(409).hasHeader("Upload-Offset", "3");
        assertThat(tus.send(tus.patch(upload, 4).body("x"))).hasStatus(409).hasHeader("Upload-Offset", "3");
        tus.append(upload, 3, "de");
        assertThat(tus.send(tus.patch(upload, 3).body(""))).hasStatus(409).hasHeader("Upload-Offset", "5");
    }

    @Test
    @Item(value = 36, level = I)
    @DisplayName("T36 D24 A PATCH without Upload-Offset is refused with 400")
    void t36_patch_withoutAnOffset() throws IOException {
        URI upload = tus.create(10);
        assertThat(tus.send(tus.patch(upload, 0).without("Upload-Offset").body("abc")))
                .hasStatusOr(400, 409);
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(value = 38, level = S)
    @DisplayName("T38 A PATCH of an unknown upload is refused with 404 and creates nothing")
    void t38_patch_ofAnUnknownUpload() throws IOException {
        URI missing = tus.missing();
        assertThat(tus.send(tus.patch(missing, 0).body("abc"))).hasStatus(404).hasNoHeader("Upload-Offset");
        assertThat(tus.head(missing)).hasStatus(404);
    }

    @Test
    @Item(value = 39, level = I)
    @DisplayName(
            "T39 D23 A body that announces more than fits is refused with 413 before it is read; nothing is stored")
    void t39_patch_announcesMoreThanFits() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "abc");
        try (RawHttp http = RawHttp.open(tus.patch(upload, 3).announcing(8))) {
            assertThat(http.read()).hasStatus(413);
        }
        assertThat(tus.offset(upload)).isEqualTo(3);
        tus.append(upload, 3, "defghij");
        tus.holds(upload, "abcdefghij");
    }

    @Test
    @Item(value = 40, level = I)
    @DisplayName(
            "T40 D2 A chunked body that has more than fits is refused with 413 or 400, and stays within the length")
    void t40_patch_chunksHaveMoreThanFits() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "ab");
        assertThat(tus.send(tus.patch(upload, 2).chunked("cdefgh", "ijklmnopqrst")))
                .hasStatusOr(413, 400);
        assertThat(tus.offset(upload)).isBetween(2L, 10L);
    }

    @Test
    @Item(value = 41, level = I)
    @DisplayName(
            "T41 D2 After chunks that have more than fits, all that fits is there or nothing, and the rest can follow")
    void t41_patch_afterChunksThatHaveMoreThanFits() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "ab");
        tus.send(tus.patch(upload, 2).chunked("cdefgh", "ijklmnopqrst"));
        long offset = tus.offset(upload);
        assertThat(offset).as("all bytes that fit, or none").isIn(2L, 10L);
        if (offset == 2) {
            tus.append(upload, 2, "cdefghij");
        }
        tus.holds(upload, "abcdefghij");
    }

    @Test
    @Item(value = 42, level = MAY)
    @DisplayName("T42 A PATCH of no bytes is fine at every offset")
    void t42_patch_ofNoBytes() throws IOException {
        URI upload = tus.create(3);
        tus.append(upload, 0, "");
        tus.append(upload, 0, "ab");
        tus.append(upload, 2, "");
        assertThat(tus.send(tus.patch(upload, 2))).hasStatus(204).hasHeader("Upload-Offset", "2");
        tus.append(upload, 2, "c");
        tus.holds(upload, "abc");
    }

    @Test
    @Item(value = 43, level = I)
    @DisplayName("T43 A PATCH of no bytes is fine at the end of a complete upload")
    void t43_patch_ofNoBytesWhenComplete() throws IOException {
        URI upload = tus.finished("abc");
        tus.append(upload, 3, "");
        tus.holds(upload, "abc");
    }

    @Test
    @Item(value = 43, level = I)
    @DisplayName("T43 An empty chunked PATCH at the end of a complete upload is fine: tus-java-client sends it")
    void t43_patch_ofNoChunksWhenComplete() throws IOException {
        URI upload = tus.finished("abc");
        assertThat(tus.send(tus.patch(upload, 3).chunked(new byte[0][])))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "3");
    }

    @Test
    @Item(value = 44, level = I)
    @DisplayName("T44 D5 Bytes for a complete upload are refused, not dropped in silence")
    void t44_patch_whenComplete() throws IOException {
        URI upload = tus.finished("abc");
        assertThat(tus.send(tus.patch(upload, 3).chunked("d"))).hasStatus(400, 403, 413);
        assertThat(tus.send(tus.patch(upload, 3).body("d"))).hasStatus(400, 403, 413);
        assertThat(tus.offset(upload)).isEqualTo(3);
        tus.holds(upload, "abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nabc\r\n0\r\n\r\n", "3\r\nabcX\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n"})
    @Item(value = 48, level = I)
    @DisplayName("T48 A body whose chunks are malformed is never acknowledged")
    void t48_patch_chunksAreMalformed(String body) throws IOException {
        URI upload = tus.create(10);
        try (RawHttp http =
                RawHttp.open(tus.patch(upload, 0).announcingChunks()).send(body)) {
            assertThat(http.read()).isNoSuccess();
        }
        long offset = tus.offset(upload);
        assertThat(offset).isLessThanOrEqualTo(4);
        byte[] rest = "abc_______".substring((int) offset).getBytes(ISO_8859_1);
        tus.append(upload, offset, rest);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("PATCHes follow each other on one connection, after refusals too; tus leaves that open")
    void patches_onOneConnection() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(9);
        try (RawHttp http = RawHttp.open(tus.patch(upload, 0).body("abc"))) {
            assertThat(http.read()).hasStatus(204);
            assertThat(http.send(tus.patch(upload, 3).chunked("def")).read()).hasStatus(204);
            assertThat(http.send(tus.patch(upload, 3).body("xyz")).read()).hasStatus(409);
            assertThat(http.send(tus.patch(upload, 6).chunked("g", "hi")).read())
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", "9");
        }
        tus.holds(upload, "abcdefghi");
    }
}
