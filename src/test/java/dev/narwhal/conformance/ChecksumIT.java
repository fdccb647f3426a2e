package dev.narwhal.conformance;

import static dev.narwhal.conformance.Digests.checksum;
import static dev.narwhal.conformance.Digests.sha1;
import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section J: checksums in the header. */
class ChecksumIT {

    private static final String HEADER = "Upload-Checksum";

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 118, level = M)
    @DisplayName("T118 Algorithms are told exactly if checksum is listed, sha1 among them, in lower case")
    void t118_options_listsAlgorithms() throws IOException {
        RawResponse options = tus.send(RawRequest.of("OPTIONS", tus.creationUrl()));
        if (options.values("Tus-Checksum-Algorithm").isEmpty()) {
            TusServer.assumeOffered("checksum");
        }
        assertThat(options).lists("Tus-Extension", "checksum").lists("Tus-Checksum-Algorithm", "sha1");
        assertThat(options.required("Tus-Checksum-Algorithm")).isLowerCase();
        if (!TusServer.isForeign()) {
            assertThat(options)
                    .lists("Tus-Extension", "checksum-trailer")
                    .hasHeader("Tus-Checksum-Algorithm", "sha1,sha256,sha384,sha512,md5,crc32,crc32c");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha1", "sha256", "sha384", "sha512", "md5", "crc32", "crc32c"})
    @Item(
            value = {119, 120},
            level = M)
    @DisplayName("T119 T120 A body with the right checksum is taken, one with a wrong one is not")
    void t119_patch_eachAlgorithm(String algorithm) throws IOException {
        Digests.assumeListed(tus, algorithm);
        byte[] content = random(300_000);
        URI upload = tus.create(content.length);
        byte[] spoilt = content.clone();
        spoilt[spoilt.length - 1]++;
        assertThat(tus.send(with(checksum(algorithm, content), upload, 0).body(spoilt)))
                .hasStatus(460);
        assertThat(tus.send(with(checksum(algorithm, content), upload, 0).body(content)))
                .hasStatus(204)
                .hasHeader("Upload-Offset", Integer.toString(content.length));
        tus.holds(upload, content);
    }

    @Test
    @Item(value = 120, level = M)
    @DisplayName("T120 After a mismatch offset and data are as before")
    void t120_patch_wrongChecksum() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "01234");
        for (RawRequest wrong : new RawRequest[] {
            with(sha1("56789"), upload, 5).body("5678x"),
            with(sha1("56789"), upload, 5).body("567"),
            with(sha1("0123456789"), upload, 5).chunked("56", "789"),
            with(sha1("56789"), upload, 5).body("")
        }) {
            assertThat(tus.send(wrong)).hasStatus(460);
            assertThat(tus.head(upload)).hasHeader("Upload-Offset", "5");
        }
        assertThat(tus.get(upload)).isNoSuccess();
        assertThat(tus.send(with(sha1("56789"), upload, 5).chunked("56", "789")))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "10");
        tus.holds(upload, "0123456789");
    }

    @Test
    @Item(value = 134, level = I)
    @DisplayName("T134 The answer to a mismatch is 460 by its number, whatever its reason phrase")
    void t134_patch_isToldByNumber() throws IOException {
        RawResponse answer = tus.send(with(sha1("hello"), tus.create(5), 0).body("hellO"));
        assertThat(answer).hasStatus(460).hasHeader("Tus-Resumable", "1.0.0");
        if (!TusServer.isForeign()) {
            assertThat(answer.text()).contains("CHECKSUM_MISMATCH");
        }
    }

    @Test
    @Item(value = 121, level = I)
    @DisplayName("T121 The answer to a mismatch tells no offset but the true one")
    void t121_patch_answersTheTrueOffset() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "01234");
        RawResponse answer = tus.send(with(sha1("56789"), upload, 5).body("5678x"));
        assertThat(answer).hasStatus(460).hasHeaderIfAny("Upload-Offset", "5");
        if (!TusServer.isForeign()) {
            assertThat(answer).hasHeader("Upload-Offset", "5");
        }
    }

    @Test
    @Item(value = 120, level = M)
    @DisplayName("T120 A large body that does not match leaves nothing, and the next one begins where it began")
    void t120_patch_largeBodyWrong() throws IOException {
        byte[] content = random(24 << 20);
        URI upload = tus.create(content.length);
        tus.append(upload, 0, Arrays.copyOf(content, 1000));
        byte[] rest = Arrays.copyOfRange(content, 1000, content.length);
        byte[] spoilt = rest.clone();
        spoilt[5_000_000]++;
        assertThat(tus.send(with(sha1(rest), upload, 1000).body(spoilt))).hasStatus(460);
        assertThat(tus.offset(upload)).isEqualTo(1000);
        assertThat(tus.send(with(sha1(rest), upload, 1000).body(rest))).hasStatus(204);
        tus.holds(upload, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha3", "whirlpool", "sha-1"})
    @Item(value = 122, level = M)
    @DisplayName("T122 An unknown algorithm is refused, and nothing is stored")
    void t122_patch_unknownAlgorithm(String algorithm) throws IOException {
        isUnknown(algorithm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA1", "Sha256"})
    @Item(value = 123, level = I)
    @DisplayName("T123 Names of algorithms are in lower case")
    void t123_patch_upperCaseAlgorithm(String algorithm) throws IOException {
        isUnknown(algorithm);
    }

    private void isUnknown(String algorithm) throws IOException {
        isRefused(sha1("hello").replace("sha1", algorithm), tus.create(5), "UNKNOWN_CHECKSUM_ALGORITHM");
    }

    private void isRefused(String value, URI upload, String words) throws IOException {
        assertThat(tus.send(with(value, upload, 0).body("hello"))).hasStatus(400);
        if (!TusServer.isForeign()) {
            RawResponse answer = tus.send(
                    with(value, upload, 0).header("Expect", "100-continue").announcing(5));
            assertThat(answer).hasStatus(400).cameWithoutContinue();
            assertThat(answer.text()).contains(words);
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha1",
                "sha1 ***",
                "sha1  qvTGHdzF6KLavt4PO0gs2a6pQ00=",
                "md5 qvTGHdzF6KLavt4PO0gs2a6pQ00=",
                "qvTGHdzF6KLavt4PO0gs2a6pQ00="
            })
    @Item(value = 124, level = I)
    @DisplayName("T124 What is no checksum is refused with 400 and not with 460")
    void t124_patch_malformed(String value) throws IOException {
        isRefused(value, tus.create(5), "Upload-Checksum ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00= x",
                "sha1\tqvTGHdzF6KLavt4PO0gs2a6pQ00=",
                "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ0",
                "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=, sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00="
            })
    @Item(value = 124, level = I)
    @DisplayName("T124 Nor is what other servers may read in one way or another")
    void t124_patch_malformedInOtherWays(String value) throws IOException {
        TusServer.assumeOwn();
        isRefused(value, tus.create(5), "Upload-Checksum ");
    }

    @Test
    @Item(
            value = {124, 19},
            level = I)
    @DisplayName("T124 T19 A checksum that is sent twice is refused")
    void t124_patch_sentTwice() throws IOException {
        URI upload = tus.create(5);
        RawResponse answer = tus.send(
                with(sha1("hello"), upload, 0).header(HEADER, sha1("hello")).body("hello"));
        // Elsewhere two that are the same may be taken for one.
        assertThat(answer).hasStatusOr(400, 204);
        if (!TusServer.isForeign()) {
            assertThat(answer.text()).contains("DUPLICATE_HEADER", HEADER);
        }
        assertThat(tus.offset(upload)).isEqualTo(answer.isSuccess() ? 5 : 0);
    }

    @Test
    @Item(value = 125, level = I)
    @DisplayName("T125 Digests are compared as bytes: padding does not matter")
    void t125_patch_withoutPadding() throws IOException {
        URI upload = tus.create(5);
        assertThat(tus.send(with(sha1("hello").replace("=", ""), upload, 0).body("hello")))
                .hasStatus(204);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Item(value = 126, level = I)
    @DisplayName("T126 A body that is cut off cannot be verified and leaves nothing")
    void t126_patch_cutOff(boolean lastByteMissing) throws IOException {
        byte[] content = random(5_000_000);
        URI upload = tus.create(content.length);
        tus.append(upload, 0, Arrays.copyOf(content, 7));
        byte[] rest = Arrays.copyOfRange(content, 7, content.length);
        try (RawHttp http = begin(upload, 7, rest)) {
            http.send(Arrays.copyOf(rest, lastByteMissing ? rest.length - 1 : 34_567));
            http.finishSending();
            assertThat(http.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        tus.awaitOffset(upload, 7);
        tus.append(upload, 7, rest);
        tus.holds(upload, content);
    }

    @Test
    @Item(value = 127, level = I)
    @DisplayName("T127 Neither HEAD nor GET shows bytes of a body that is not verified yet, nor after it broke off")
    void t127_head_showsNothingUnverified() throws IOException {
        byte[] content = random(300_000);
        URI upload = tus.create(content.length);
        try (RawHttp http = begin(upload, 0, content).send(Arrays.copyOf(content, 200_000))) {
            // Whether HEAD answers at all during a body is for T28.
            assertThat(tus.head(upload)).hasHeaderIfAny("Upload-Offset", "0");
            http.reset();
        }
        tus.awaitOffset(upload, 0);
    }

    @Test
    @Item(value = 127, level = I)
    @DisplayName(
            "T127 While a body with a checksum comes, HEAD says the offset at which it began, and does not stop it")
    void t127_head_duringTheBody() throws IOException {
        TusServer.assumeOwn();
        byte[] content = random(2_000_000);
        URI upload = tus.create(content.length);
        try (RawHttp live = begin(upload, 0, content)) {
            for (int at = 0; at < 1_500_000; at += 500_000) {
                live.send(Arrays.copyOfRange(content, at, at + 500_000));
                // For longer than a server may put off what it records for somebody who asks.
                Awaitility.await()
                        .during(Duration.ofMillis(400))
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> tus.offset(upload) == 0);
                assertThat(tus.get(upload)).isNoSuccess();
            }
            live.send(Arrays.copyOfRange(content, 1_500_000, content.length));
            assertThat(live.read()).hasStatus(204);
        }
        tus.holds(upload, content);
    }

    @Test
    @Item(
            value = {127, 50},
            level = I)
    @DisplayName("T127 T50 A client that comes back after a dead connection goes on at once where the dead body began")
    void t127_patch_takesOver() throws IOException {
        TusServer.assumeOwn();
        byte[] content = random(1_000_000);
        URI upload = tus.create(content.length);
        tus.append(upload, 0, Arrays.copyOf(content, 100));
        byte[] rest = Arrays.copyOfRange(content, 100, content.length);
        try (RawHttp dead = begin(upload, 100, rest).send(new byte[600_000])) {
            assertThat(tus.offset(upload)).isEqualTo(100);
            assertThat(tus.send(with(sha1(rest), upload, 600).body(rest))).hasStatus(409, 413);
            assertThat(tus.send(with(sha1(rest), upload, 100).body(rest)))
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", "1000000");
            dead.sendLeniently("x".repeat(rest.length - 600_000));
            assertThat(dead.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        tus.holds(upload, content);
    }

    @Test
    @Item(value = 139, level = I, needs = "checksum")
    @DisplayName("T139 DELETE while a body with a checksum comes")
    void t139_delete_duringTheBody() throws IOException {
        TusServer.assumeOwn();
        byte[] content = random(1_000_000);
        URI upload = tus.create(content.length);
        try (RawHttp dead = begin(upload, 0, content).send(Arrays.copyOf(content, 500_000))) {
            assertThat(tus.delete(upload)).hasStatus(204);
            dead.sendLeniently("x".repeat(500_000));
            assertThat(dead.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        assertThat(tus.head(upload)).hasStatus(404, 410);
    }

    @Test
    @Item(value = 128, level = I)
    @DisplayName("T128 A body of no bytes is verified like any other, on a complete upload too")
    void t128_patch_nothingToACompleteUpload() throws IOException {
        URI upload = tus.finished("hello");
        for (RawRequest patch : new RawRequest[] {
            tus.patch(upload, 5).body(""), tus.patch(upload, 5).chunked("")
        }) {
            assertThat(tus.send(patch.header(HEADER, sha1("")))).hasStatus(204).hasHeader("Upload-Offset", "5");
            // Others may ignore it, as there is nothing to verify.
            assertThat(tus.send(patch.header(HEADER, sha1("x"))))
                    .hasStatusOr(460, 204)
                    .hasHeaderIfAny("Upload-Offset", "5");
        }
        tus.holds(upload, "hello");
    }

    @Test
    @Item(
            value = {40, 126},
            level = I)
    @DisplayName("T40 T126 A body that is too long is not kept at all when it has a checksum")
    void t126_patch_tooLong() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(8);
        tus.append(upload, 0, "abc");
        assertThat(tus.send(with(sha1("defghijk"), upload, 3).chunked("defgh", "ijk")))
                .hasStatus(413)
                .hasHeader("Upload-Offset", "3");
        assertThat(tus.offset(upload)).isEqualTo(3);
        assertThat(tus.send(with(sha1("defghi"), upload, 3).announcing(6))).hasStatus(413);
        tus.append(upload, 3, "defgh");
        assertThat(tus.send(with(sha1("x"), upload, 8).chunked("x"))).hasStatus(413);
    }

    @Test
    @Item(
            value = {129, 102},
            level = I,
            needs = "creation-defer-length")
    @DisplayName("T129 T102 A creation with a right checksum takes its bytes")
    void t129_creation_rightChecksum() throws IOException {
        for (RawRequest request : new RawRequest[] {
            typed(tus.post(8)).header(HEADER, sha1("hello")).body("hello"),
            typed(tus.post(8)).header(HEADER, sha1("hello")).chunked("he", "llo"),
            typed(tus.postDeferred()).header(HEADER, sha1("hello")).chunked("he", "llo")
        }) {
            RawResponse answer = tus.send(request);
            assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "5");
            assertThat(tus.offset(answer.location(tus.creationUrl()))).isEqualTo(5);
        }
    }

    @Test
    @Item(value = 129, level = I)
    @DisplayName("T129 A creation with a wrong checksum answers 460; its upload, if there is one, is empty")
    void t129_creation_wrongChecksum() throws IOException {
        RawResponse answer =
                tus.send(typed(tus.post(5)).header(HEADER, sha1("hello")).body("hellO"));
        assertThat(answer).hasStatus(460);
        if (answer.header("Location").isEmpty() && TusServer.isForeign()) {
            // Then there is no upload, or none that its client will ever find.
            return;
        }
        URI upload = answer.location(tus.creationUrl());
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", "0").hasHeader("Upload-Length", "5");
        assertThat(tus.send(with(sha1("hello"), upload, 0).body("hello"))).hasStatus(204);
        tus.holds(upload, "hello");
    }

    @Test
    @Item(
            value = {129, 124},
            level = I)
    @DisplayName("T129 T124 A creation whose header is no checksum makes nothing")
    void t129_creation_malformed() throws IOException {
        TusServer.assumeOwn();
        for (String value : new String[] {"", "sha1 ***", "SHA1 qvTGHdzF6KLavt4PO0gs2a6pQ00=", "sha1"}) {
            assertThat(tus.send(typed(tus.post(5)).header(HEADER, value).body("hello")))
                    .hasStatus(400)
                    .hasNoHeader("Location");
            assertThat(tus.send(tus.post(5).header(HEADER, value).body("")))
                    .hasStatus(400)
                    .hasNoHeader("Location");
        }
    }

    @Test
    @Item(value = 129, level = I)
    @DisplayName("T129 A creation that brings no bytes is verified before anything is made")
    void t129_creation_withoutBytes() throws IOException {
        TusServer.assumeOwn();
        for (RawRequest request : new RawRequest[] {
            tus.post(5).body(""),
            typed(tus.post(5)).body(""),
            tus.post(5),
            typed(tus.post(0)).chunked("")
        }) {
            assertThat(tus.send(request.header(HEADER, sha1(""))))
                    .hasStatus(201)
                    .hasHeader("Upload-Offset", "0");
            assertThat(tus.send(request.header(HEADER, sha1("x"))))
                    .hasStatus(460)
                    .hasNoHeader("Location");
        }
        assertThat(tus.send(typed(tus.post(0)).header(HEADER, sha1("x")).chunked("x")))
                .hasStatus(413)
                .hasNoHeader("Location");
        assertThat(tus.send(tus.post(5).header(HEADER, sha1("x")).chunked("x")))
                .hasStatus(415)
                .hasNoHeader("Location");
    }

    @Test
    @Item(value = 120, level = M, needs = "creation-defer-length")
    @DisplayName("T120 A length that comes with a body stays when the body does not match")
    void t120_patch_lengthWithAWrongBody() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.createDeferred();
        assertThat(tus.send(with(sha1("hello"), upload, 0)
                        .header("Upload-Length", "5")
                        .body("hellO")))
                .hasStatus(460)
                .hasHeader("Upload-Offset", "0");
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", "0").hasHeader("Upload-Length", "5");
        assertThat(tus.get(upload)).isNoSuccess();
        assertThat(tus.send(with(sha1("hello"), upload, 0).body("hello"))).hasStatus(204);
        tus.holds(upload, "hello");
    }

    @Test
    @Item(value = 96, level = I, needs = "checksum")
    @DisplayName("T96 A length that completes the upload counts only when the body of no bytes matches")
    void t96_patch_lengthCompletesWithAChecksum() throws IOException {
        TusServer.assumeOwn();
        for (boolean chunked : new boolean[] {false, true}) {
            URI upload = tus.createDeferred();
            tus.append(upload, 0, "abc");
            RawRequest bare = tus.patch(upload, 3).header("Upload-Length", "3");
            RawRequest patch = chunked ? bare.chunked("") : bare.body("");
            assertThat(tus.send(patch.header(HEADER, sha1("x")))).hasStatus(460).hasHeader("Upload-Offset", "3");
            assertThat(tus.send(bare.header(HEADER, sha1("x")).chunked("x"))).hasStatus(413);
            assertThat(tus.head(upload)).hasHeader("Upload-Defer-Length", "1");
            assertThat(tus.get(upload)).isNoSuccess();
            assertThat(tus.send(patch.header(HEADER, sha1("")))).hasStatus(204).hasHeader("Upload-Offset", "3");
            assertThat(tus.head(upload)).hasHeader("Upload-Length", "3");
            tus.holds(upload, "abc");
        }
    }

    @Test
    @Item(
            value = {102, 129},
            level = I,
            needs = {"checksum", "concatenation"})
    @DisplayName("T102 T129 Partial uploads are verified like others; a final has a checksum of no bytes")
    void t102_concatenation_withChecksums() throws IOException {
        TusServer.assumeOwn();
        Concatenation concat = new Concatenation(tus);
        RawRequest partial =
                typed(tus.post(5)).header("Upload-Concat", "partial").header(HEADER, sha1("hello"));
        assertThat(tus.send(partial.body("hellO"))).hasStatus(460);
        URI made = tus.created(partial.body("hello"));
        RawRequest whole = concat.postConcat(Concatenation.listOf(made));
        assertThat(tus.send(whole.header(HEADER, "sha1 ***"))).hasStatus(400);
        assertThat(tus.send(whole.header(HEADER, sha1("hello")))).hasStatus(460).hasNoHeader("Location");
        tus.holds(tus.created(whole.header(HEADER, sha1(""))), "hello");
    }

    private RawRequest with(String checksum, URI upload, long offset) {
        return tus.patch(upload, offset).header(HEADER, checksum);
    }

    /** A PATCH with the right checksum that the server has begun to read. */
    private RawHttp begin(URI upload, long offset, byte[] body) throws IOException {
        return tus.begin(with(sha1(body), upload, offset).announcing(body.length));
    }

    private static RawRequest typed(RawRequest creation) {
        return creation.header("Content-Type", TusClient.OFFSET_TYPE);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
