package dev.narwhal.conformance;

import static dev.narwhal.conformance.Concatenation.listOf;
import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.MAY;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section L: uploads in several pieces that become one. */
class ConcatenationIT {

    /** In everybody's eyes. */
    private static final Set<String> MALFORMED = Set.of("final", "final;", "final; ", "finalfoo;", "bogus", "PARTIAL");

    private final TusClient tus = TusServer.client();
    private final Concatenation concat = new Concatenation(tus);

    @Test
    @Item(value = 143, level = M)
    @DisplayName("T143 A partial upload is created, and takes bytes")
    void t143_partial_takesBytes() throws IOException {
        RawResponse answer = tus.send(concat.postPartial(5).header("Upload-Metadata", "a Yg=="));
        assertThat(answer).hasStatus(201).hasHeaderIfAny("Upload-Offset", "0");
        URI partial = answer.location(tus.creationUrl());
        tus.append(partial, 0, "ab");
        tus.append(partial, 2, "cde");
        assertThat(tus.head(partial))
                .isSuccess()
                .hasHeader("Upload-Offset", "5")
                .hasHeader("Upload-Length", "5");
        if (!TusServer.isForeign()) {
            tus.holds(partial, "abcde");
        }
    }

    @Test
    @Item(value = 144, level = M)
    @DisplayName("T144 HEAD of a partial says that it is one, and how far it is, before and after its last byte")
    void t144_head_ofAPartial() throws IOException {
        URI partial = concat.partial(3);
        tus.append(partial, 0, "ab");
        assertThat(tus.head(partial)).hasHeader("Upload-Concat", "partial").hasHeader("Upload-Offset", "2");
        tus.append(partial, 2, "c");
        assertThat(tus.head(partial)).hasHeader("Upload-Concat", "partial").hasHeader("Upload-Offset", "3");
    }

    @Test
    @Item(value = 83, level = M)
    @DisplayName("T83 HEAD of a partial repeats its metadata")
    void t83_head_ofAPartial() throws IOException {
        URI partial = tus.created(concat.postPartial(5).header("Upload-Metadata", "a Yg=="));
        assertThat(tus.head(partial)).hasHeader("Upload-Metadata", "a Yg==");
    }

    @Test
    @Item(value = 143, level = M, needs = "creation-defer-length")
    @DisplayName("T143 A partial upload may declare its length later")
    void t143_partial_ofUnknownLength() throws IOException {
        URI partial = concat.deferredPartial();
        assertThat(tus.head(partial)).hasHeader("Upload-Defer-Length", "1").hasHeader("Upload-Concat", "partial");
        assertThat(tus.send(tus.patch(partial, 0).header("Upload-Length", "3").body("abc")))
                .hasStatus(204);
        tus.holds(concat.whole(partial), "abc");
    }

    @Test
    @Item(value = 102, level = I, needs = "concatenation")
    @DisplayName("T102 A partial upload may bring its bytes with its creation")
    void t102_partial_withUpload() throws IOException {
        RawRequest creation =
                tus.post(3).header("Upload-Concat", "partial").header("Content-Type", TusClient.OFFSET_TYPE);
        RawResponse answer = tus.send(creation.body("abc"));
        assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "3");
        URI partial = answer.location(tus.creationUrl());
        assertThat(tus.head(partial)).hasHeader("Upload-Concat", "partial");
        tus.holds(concat.whole(partial), "abc");
    }

    @Test
    @Item(
            value = {146, 155},
            level = M)
    @DisplayName("T146 T155 A final upload has its partials' bytes in their order")
    void t146_final_hasThePartialsBytesInOrder() throws IOException {
        URI first = concat.finishedPartial("hello ");
        URI second = concat.finishedPartial("world");
        RawResponse answer = concat.concatenate(second, first);
        assertThat(answer).hasStatus(201).hasHeaderIfAny("Upload-Offset", "11");
        URI whole = answer.location(tus.creationUrl());
        assertThat(tus.head(whole))
                .isSuccess()
                .hasHeader("Upload-Length", "11")
                .hasHeader("Upload-Offset", "11")
                .hasNoHeader("Upload-Defer-Length");
        tus.holds(whole, "worldhello ");
    }

    @Test
    @Item(
            value = {146, 155},
            level = M)
    @DisplayName("T146 T155 An empty partial is nothing in the middle, and the offset is told at once")
    void t146_final_withAnEmptyPartial() throws IOException {
        TusServer.assumeOwn();
        URI a = concat.finishedPartial("a");
        RawResponse answer = concat.concatenate(a, concat.finishedPartial(""), a);
        assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "2");
        URI whole = answer.location(tus.creationUrl());
        assertThat(tus.head(whole)).hasHeader("Cache-Control", "no-store");
        tus.holds(whole, "aa");
    }

    @Test
    @Item(value = 155, level = M)
    @DisplayName("T155 A final upload of empty partials is complete")
    void t155_final_ofNothing() throws IOException {
        TusServer.assumeOwn();
        URI whole = concat.whole(concat.finishedPartial(""), concat.finishedPartial(""));
        assertThat(tus.head(whole)).hasHeader("Upload-Length", "0").hasHeader("Upload-Offset", "0");
        tus.holds(whole, "");
    }

    @Test
    @Item(value = 60, level = I, needs = "concatenation")
    @DisplayName("T60 A Location can be used as it came to name a partial")
    void t60_final_ofLocationsAsTheyCame() throws IOException {
        String partial = tus.send(concat.postPartial(3)).required("Location");
        tus.append(tus.creationUrl().resolve(partial), 0, "abc");
        tus.holds(tus.created(concat.postConcat("final;" + partial + " " + partial)), "abcabc");
    }

    @Test
    @Item(value = 147, level = M)
    @DisplayName("T147 A host that is named in a list is not asked for anything")
    void t147_final_hostIsNotFetched() throws IOException {
        URI partial = concat.finishedPartial("abc");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            tus.send(concat.postConcat("final;http://127.0.0.1:" + other.getLocalPort() + partial.getRawPath()));
            other.setSoTimeout(200);
            assertThatThrownBy(other::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    @Item(value = 147, level = M)
    @DisplayName("T147 Partials are named by URL or by path")
    void t147_final_partialsNamedByUrlAndPath() throws IOException {
        URI partial = concat.finishedPartial("abc");
        for (String name : List.of(partial.toString(), partial.getRawPath())) {
            tus.holds(tus.created(concat.postConcat("final;" + name + " " + name)), "abcabc");
        }
    }

    @Test
    @Item(value = 147, level = M)
    @DisplayName("T147 Partials are named by id, too; scheme, host and a proxy's prefix do not matter")
    void t147_final_partialsNamedInEveryWay() throws IOException {
        TusServer.assumeOwn();
        URI url = concat.finishedPartial("abc");
        String path = url.getRawPath();
        String id = path.substring(path.lastIndexOf('/') + 1);
        for (String name : List.of(
                id,
                path.substring(1),
                "https://uploads.example.org" + path,
                "HTTP://uploads.example.org:8443/prefix/of/a/proxy" + path,
                "//uploads.example.org" + path,
                "/prefix" + path)) {
            RawResponse answer = tus.send(concat.postConcat("final;" + name + " " + name));
            assertThat(answer).hasStatus(201);
            URI whole = answer.location(tus.creationUrl());
            assertThat(tus.head(whole)).hasHeader("Upload-Concat", "final;" + name + " " + name);
            tus.holds(whole, "abcabc");
        }
    }

    @Test
    @Item(value = 148, level = MAY)
    @DisplayName("T148 The same partial several times in a list, and in several finals")
    void t148_final_ofTheSamePartialSeveralTimes() throws IOException {
        URI a = concat.finishedPartial("a");
        URI b = concat.finishedPartial("b");
        URI banana = concat.whole(b, a, a, b, a);
        URI ab = concat.whole(a, b);
        tus.holds(banana, "baaba");
        tus.holds(ab, "ab");
    }

    @Test
    @Item(value = 148, level = MAY)
    @DisplayName("T148 D1 Many finals of the same partials at once")
    void t148_final_manyAtOnce() throws Exception {
        URI a = concat.finishedPartial("a");
        URI b = concat.finishedPartial("b");
        List<Callable<URI>> creations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            creations.add(i % 2 == 0 ? () -> concat.whole(a, b) : () -> concat.whole(b, a));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int i = 0;
            for (Future<URI> whole : threads.invokeAll(creations)) {
                tus.holds(whole.get(), i++ % 2 == 0 ? "ab" : "ba");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Upload-Length: 3", "Upload-Length: abc", "Upload-Defer-Length: 1", "Upload-Defer-Length: 2"})
    @Item(value = 149, level = M)
    @DisplayName("T149 A final upload with a length of its own is refused with 400")
    void t149_final_withALength(String header) throws IOException {
        if (!header.equals("Upload-Length: 3")) {
            TusServer.assumeOwn();
        }
        String[] field = header.split(": ", 2);
        RawRequest creation = concat.postConcat(listOf(concat.finishedPartial("abc")));
        assertThat(tus.send(creation.header(field[0], field[1]))).hasStatus(400).hasNoHeader("Location");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "final",
                "final;",
                "final; ",
                "final;   ",
                "finalfoo;",
                "bogus",
                "PARTIAL",
                "Final;x",
                "",
                "partial;",
                "partial x",
                "final ;x",
                "final,x",
                "final;\u00e9"
            })
    @Item(value = 150, level = I)
    @DisplayName("T150 D22 An Upload-Concat that is none is refused with 400")
    void t150_creation_withAMalformedHeader(String value) throws IOException {
        if (!MALFORMED.contains(value)) {
            TusServer.assumeOwn();
        }
        assertThat(tus.send(concat.postConcat(value))).hasStatus(400).hasNoHeader("Location");
        assertThat(tus.send(concat.postConcat(value).header("Upload-Length", "3")))
                .hasStatus(400)
                .hasNoHeader("Location");
    }

    @Test
    @Item(
            value = {19, 150},
            level = I)
    @DisplayName("T19 T150 Upload-Concat twice is refused with 400")
    void t150_creation_withTwoHeaders() throws IOException {
        RawRequest creation = concat.postPartial(3);
        // Elsewhere two that are the same may be taken for one.
        assertThat(tus.send(creation.header("Upload-Concat", "partial"))).hasStatusOr(400, 201);
    }

    @ParameterizedTest
    @CsvSource({
        "final, INVALID_CONCAT",
        "final;, INVALID_CONCAT",
        "bogus, INVALID_CONCAT",
        "final;/files/none, PARTIAL_NOT_FOUND",
    })
    @Item(value = 150, level = I)
    @DisplayName("T150 What is wrong with Upload-Concat is told by a code and a sentence")
    void t150_refusal_hasACode(String value, String code) throws IOException {
        TusServer.assumeOwn();
        RawResponse answer = tus.send(concat.postConcat(value));
        assertThat(answer.text()).contains("\"code\":\"" + code + "\"").contains("Upload-Concat");
    }

    @Test
    @Item(value = 151, level = I)
    @DisplayName("T151 A partial that is not there gets 404 or 400")
    void t151_final_ofAPartialThatIsNotThere() throws IOException {
        URI there = concat.finishedPartial("abc");
        assertThat(concat.concatenate(there, tus.missing())).hasStatus(400, 404).hasNoHeader("Location");
    }

    @Test
    @Item(value = 151, level = I, needs = "termination")
    @DisplayName("T151 Unknown, terminated and impossible partials are answered alike, without a body of anybody's")
    void t151_final_ofWhatCannotBeThere() throws IOException {
        TusServer.assumeOwn();
        URI there = concat.finishedPartial("secret");
        URI gone = concat.finishedPartial("abc");
        assertThat(tus.delete(gone)).hasStatus(204);
        String id = there.getRawPath().substring(there.getRawPath().lastIndexOf('/') + 1);
        RawResponse unknown = concat.concatenate(there, tus.missing());
        assertThat(unknown).hasStatus(400, 404).hasNoHeader("Location");
        for (String other : List.of(
                gone.toString(),
                "/elsewhere/" + id,
                there + "/",
                there + "?x=1",
                there + "#x",
                there.toString().replace("/files/", "/files//"),
                there.toString().toUpperCase(java.util.Locale.ROOT),
                "/files",
                "/",
                "http://",
                "..",
                "%2e%2e/" + id)) {
            RawResponse answer = tus.send(concat.postConcat("final;" + there + " " + other));
            assertThat(answer).hasStatus(unknown.status()).hasNoHeader("Location");
            assertThat(answer.text()).isEqualTo(unknown.text()).doesNotContain("secret");
        }
        assertThat(tus.delete(there))
                .as("nothing was made of it")
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(204));
    }

    @Test
    @Item(value = 152, level = I)
    @DisplayName("T152 D9 An upload of its own, and a final, cannot be a part of a final")
    void t152_final_ofWhatIsNoPartial() throws IOException {
        URI partial = concat.finishedPartial("abc");
        assertThat(concat.concatenate(partial, tus.finished("abc")))
                .hasStatus(400)
                .hasNoHeader("Location");
        assertThat(concat.concatenate(partial, tus.create(3))).hasStatus(400);
        assertThat(concat.concatenate(concat.whole(partial), partial)).hasStatus(400);
    }

    @Test
    @Item(
            value = {154, 155},
            level = M,
            needs = "concatenation-unfinished")
    @DisplayName(
            "T154 T155 A final of unfinished partials has a length and no offset, and is finished by the last byte")
    void t154_final_ofUnfinishedPartials() throws IOException {
        URI first = concat.partial(3);
        URI second = concat.partial(2);
        RawResponse answer = concat.concatenate(first, second);
        assertThat(answer).hasStatus(201);
        URI whole = answer.location(tus.creationUrl());
        isUnfinished(whole, "5", first, second);
        tus.append(second, 0, "de");
        tus.append(first, 0, "a");
        isUnfinished(whole, "5", first, second);
        tus.append(first, 1, "bc");
        assertThat(tus.head(whole))
                .hasHeader("Upload-Offset", "5")
                .hasHeader("Upload-Length", "5")
                .hasHeader("Upload-Concat", listOf(first, second));
        tus.holds(whole, "abcde");
    }

    private void isUnfinished(URI whole, String length, URI... partials) throws IOException {
        RawResponse head = tus.head(whole);
        assertThat(head)
                .isSuccess()
                .hasHeader("Upload-Length", length)
                .hasNoHeader("Upload-Defer-Length")
                .hasHeader("Upload-Concat", listOf(partials));
        if (!TusServer.isForeign()) {
            assertThat(head).hasNoHeader("Upload-Offset");
            assertThat(tus.get(whole)).isNoSuccess();
        }
    }

    @Test
    @Item(
            value = {154},
            level = M,
            needs = {"concatenation-unfinished", "creation-defer-length"})
    @DisplayName("T154 A final has a length as soon as all of its partials have one")
    void t154_final_ofDeferredPartials() throws IOException {
        URI first = concat.deferredPartial();
        URI second = concat.deferredPartial();
        URI whole = concat.whole(first, second);
        isOfUnknownLength(whole);
        assertThat(tus.send(tus.patch(first, 0).header("Upload-Length", "3").body("abc")))
                .hasStatus(204);
        isOfUnknownLength(whole);
        assertThat(tus.send(tus.patch(second, 0).header("Upload-Length", "2").body("")))
                .hasStatus(204);
        isUnfinished(whole, "5", first, second);
        tus.append(second, 0, "de");
        tus.holds(whole, "abcde");
    }

    private void isOfUnknownLength(URI whole) throws IOException {
        assertThat(tus.head(whole)).isSuccess().hasNoHeader("Upload-Length").hasHeaderIfAny("Upload-Defer-Length", "1");
        if (!TusServer.isForeign()) {
            assertThat(tus.head(whole)).hasNoHeader("Upload-Offset").hasHeader("Upload-Defer-Length", "1");
        }
    }

    @Test
    @Item(value = 51, level = I, needs = "concatenation-unfinished")
    @DisplayName("T51 Partials that are finished at the same moment finish their final")
    void t51_final_finishedByTwoAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 30; round++) {
                URI first = concat.partial(3);
                URI second = concat.partial(3);
                List<Callable<URI>> requests = new ArrayList<>();
                requests.add(() -> appended(first, "abc"));
                requests.add(() -> appended(second, "def"));
                requests.add(() -> concat.whole(first, second));
                URI whole = threads.invokeAll(requests).getLast().get();
                assertThat(tus.head(whole)).hasHeader("Upload-Offset", "6");
                tus.holds(whole, "abcdef");
            }
        }
    }

    private URI appended(URI upload, String text) throws IOException {
        tus.append(upload, 0, text);
        return upload;
    }

    @Test
    @Item(value = 153, level = I)
    @DisplayName("T153 A final of an unfinished partial is accepted exactly if concatenation-unfinished is listed")
    void t153_final_ofAnUnfinishedPartial() throws IOException {
        RawResponse answer = concat.concatenate(concat.partial(3));
        if (TusServer.offer().has("concatenation-unfinished")) {
            assertThat(answer).hasStatus(201);
        } else {
            assertThat(answer).hasStatusOr(400, 403, 409).hasNoHeader("Location");
        }
    }

    @Test
    @Item(value = 161, level = I)
    @DisplayName("T161 Upload-Concat comes back exactly as it was sent")
    void t161_head_echoesTheHeader() throws IOException {
        URI first = concat.finishedPartial("a");
        String header = listOf(first, concat.finishedPartial(""), first);
        assertThat(tus.head(tus.created(concat.postConcat(header)))).hasHeader("Upload-Concat", header);
    }

    @Test
    @Item(value = 156, level = M, needs = "concatenation-unfinished")
    @DisplayName("T156 D15 A PATCH of a final is refused with 403, whatever it says, and changes nothing")
    void t156_patch_ofAnUnfinishedFinal() throws IOException {
        URI partial = concat.partial(3);
        URI whole = concat.whole(partial);
        areRefused(whole);
        isUnfinished(whole, "3", partial);
        tus.append(partial, 0, "abc");
        areRefused(whole);
        tus.holds(whole, "abc");
    }

    @Test
    @Item(value = 156, level = M)
    @DisplayName("T156 D15 A PATCH of a finished final is refused with 403 and changes nothing")
    void t156_patch_ofAFinishedFinal() throws IOException {
        URI whole = concat.whole(concat.finishedPartial("abc"));
        areRefused(whole);
        tus.holds(whole, "abc");
    }

    private void areRefused(URI whole) throws IOException {
        for (long offset : new long[] {0, 3}) {
            assertThat(tus.send(tus.patch(whole, offset).body("x"))).hasStatus(403);
            assertThat(tus.send(tus.patch(whole, offset).body(""))).hasStatus(403);
        }
        if (!TusServer.isForeign()) {
            areRefusedWhateverElseIsWrong(whole);
        }
    }

    private void areRefusedWhateverElseIsWrong(URI whole) throws IOException {
        for (long offset : new long[] {0, 1, 3, 99}) {
            for (String body : List.of("", "x", "abcdef")) {
                assertThat(tus.send(tus.patch(whole, offset).body(body)))
                        .hasStatus(403)
                        .hasNoHeader("Upload-Offset");
                assertThat(tus.send(tus.patch(whole, offset)
                                .header("Upload-Length", "9")
                                .chunked(body + "y")))
                        .hasStatus(403);
            }
        }
        assertThat(tus.send(
                        tus.patch(whole, 0).with("Content-Type", "text/plain").body("x")))
                .hasStatus(403);
        assertThat(tus.send(tus.patch(whole, 0).without("Upload-Offset").body("x")))
                .hasStatus(403);
        assertThat(tus.send(tus.patch(whole, 0).header("Expect", "100-continue").announcing(3)))
                .hasStatus(403)
                .cameWithoutContinue();
        assertThat(tus.send(tus.patch(whole, 0).with("Tus-Resumable", "0.2.2").body("x")))
                .hasStatus(412);
    }

    @Test
    @Item(
            value = {83, 157},
            level = M,
            needs = "concatenation")
    @DisplayName("T83 T157 A final upload has its own metadata, or none")
    void t157_final_hasItsOwnMetadata() throws IOException {
        URI partial =
                tus.created(concat.postPartial(3).header("Upload-Metadata", TusClient.metadata("filename", "piece")));
        tus.append(partial, 0, "abc");
        String metadata = TusClient.metadata("filename", "whole.txt") + ",key";
        RawRequest creation = concat.postConcat(listOf(partial));
        assertThat(tus.head(tus.created(creation))).hasNoHeader("Upload-Metadata");
        URI whole = tus.created(creation.header("Upload-Metadata", metadata));
        assertThat(tus.head(whole)).hasHeader("Upload-Metadata", metadata);
        if (!TusServer.isForeign()) {
            assertThat(tus.get(whole).required("Content-Disposition")).contains("whole.txt");
            assertThat(tus.send(creation.header("Upload-Metadata", "a b c"))).hasStatus(400);
        }
    }

    @Test
    @Item(value = 158, level = I)
    @DisplayName("T158 Partials whose lengths together are no number any more are refused with 413")
    void t158_final_longerThanANumber() throws IOException {
        TusServer.assumeOwn();
        URI deferred = concat.deferredPartial();
        URI whole = concat.whole(deferred, deferred, deferred);
        assertThat(tus.send(tus.patch(deferred, 0)
                        .header("Upload-Length", Long.toString(Long.MAX_VALUE / 2))
                        .body("")))
                .hasStatus(413);
        assertThat(tus.head(whole)).hasHeader("Upload-Defer-Length", "1");
        URI alone = concat.deferredPartial();
        assertThat(tus.send(tus.patch(alone, 0)
                        .header("Upload-Length", Long.toString(Long.MAX_VALUE / 2))
                        .body("")))
                .hasStatus(204);
        assertThat(concat.concatenate(alone, alone, alone)).hasStatus(413).hasNoHeader("Location");
        assertThat(concat.concatenate(alone, alone)).hasStatus(201);
    }

    @Test
    @Item(
            value = {82, 159, 161},
            level = I,
            needs = "concatenation")
    @DisplayName("T82 T159 T161 64 partials with long URLs are accepted and echoed, one more is not")
    void t159_final_ofAsManyPartialsAsThereMayBe() throws IOException {
        TusServer.assumeOwn();
        URI partial = concat.finishedPartial("ab");
        String url = "https://" + "h".repeat(100 - 8 - partial.getRawPath().length()) + partial.getRawPath();
        String list = "final;" + String.join(" ", java.util.Collections.nCopies(64, url));
        String metadata = TusClient.metadata("filename", "x".repeat(3000));
        URI whole = tus.created(concat.postConcat(list).header("Upload-Metadata", metadata));
        assertThat(tus.head(whole))
                .hasHeader("Upload-Concat", list)
                .hasHeader("Upload-Metadata", metadata)
                .hasHeader("Upload-Length", "128");
        tus.holds(whole, "ab".repeat(64));
        assertThat(tus.send(concat.postConcat(list + " " + url))).hasStatus(400).hasNoHeader("Location");
    }

    @Test
    @Item(value = 102, level = I, needs = "concatenation")
    @DisplayName("T102 A final upload with a body is refused, and nothing is made")
    void t102_final_withABody() throws IOException {
        URI partial = concat.finishedPartial("abc");
        RawRequest creation = concat.postConcat(listOf(partial));
        for (String type : List.of(TusClient.OFFSET_TYPE, "text/plain")) {
            RawRequest typed = creation.header("Content-Type", type);
            assertThat(tus.send(typed.body("x"))).hasStatus(400, 403).hasNoHeader("Location");
            assertThat(tus.send(typed.chunked("x"))).hasStatus(400, 403).hasNoHeader("Location");
        }
        assertThat(tus.send(creation.chunked(new byte[0][]))).hasStatus(201);
    }

    @Test
    @Item(value = 140, level = I)
    @DisplayName("T140 Whatever DELETE of a partial gets, its final is whole afterwards, or gone")
    void t140_delete_ofAPartialOfAFinal() throws IOException {
        URI partial = concat.finishedPartial("abc");
        URI whole = concat.whole(partial, partial);
        tus.delete(partial);
        if (tus.head(whole).isSuccess()) {
            tus.holds(whole, "abcabc");
        } else {
            assertThat(tus.head(whole)).hasStatus(404, 410);
        }
    }

    @Test
    @Item(value = 140, level = I, needs = "concatenation-unfinished")
    @DisplayName("T140 DELETE of a final leaves its partials")
    void t140_delete_ofAFinal() throws IOException {
        URI first = concat.finishedPartial("abc");
        URI second = concat.partial(3);
        for (URI whole : List.of(concat.whole(first), concat.whole(first, second))) {
            assertThat(tus.delete(whole)).hasStatus(204);
            assertThat(tus.head(whole)).hasStatus(404, 410).hasNoHeader("Upload-Offset");
            assertThat(tus.send(tus.patch(whole, 0).body("x"))).hasStatus(404, 410);
            assertThat(tus.delete(whole)).hasStatus(404, 410);
        }
        tus.append(second, 0, "def");
        tus.holds(concat.whole(first, second), "abcdef");
    }

    @Test
    @Item(value = 140, level = I, needs = "concatenation-unfinished")
    @DisplayName("T140 DELETE of a partial that an unfinished final is made of: 409, and its transfer goes on")
    void t140_delete_ofAPartialThatIsNeeded() throws IOException {
        TusServer.assumeOwn();
        URI partial = concat.partial(6);
        URI other = concat.partial(3);
        URI whole = concat.whole(partial, other);
        assertThat(tus.delete(other)).hasStatus(409, 403);
        try (RawHttp writer = tus.beginPatch(partial, 0, 6).send("abc")) {
            assertThat(tus.delete(partial)).hasStatus(409, 403);
            writer.send("def");
            assertThat(writer.read()).hasStatus(204).hasHeader("Upload-Offset", "6");
        }
        tus.append(other, 0, "ghi");
        tus.holds(whole, "abcdefghi");
        assertThat(tus.head(other)).hasHeader("Upload-Offset", "3");
    }

    @Test
    @Item(value = 140, level = I)
    @DisplayName("T140 A partial can go once its final is delivered or gone; a complete final can always be read")
    void t140_delete_ofAPartialThatIsNotNeeded() throws IOException {
        TusServer.assumeOwn();
        byte[] text = "abc".getBytes(UTF_8);
        URI partial = concat.finishedPartial(text);
        URI whole = concat.whole(partial, partial);
        while (!tus.delete(partial).isSuccess()) {
            tus.holds(whole, "abcabc");
        }
        assertThat(tus.head(whole)).hasHeader("Upload-Offset", "6");
        tus.holds(whole, "abcabc");
        assertThat(concat.concatenate(partial)).hasStatus(400, 404);
    }

    @Test
    @Item(
            value = {},
            level = I,
            needs = {"concatenation", "download"})
    @DisplayName("A final is served in ranges across its partials' borders, before its delivery and after it")
    void final_isServedInRanges() throws IOException {
        URI whole = concat.whole(
                concat.finishedPartial("abc"),
                concat.finishedPartial(""),
                concat.finishedPartial("d"),
                concat.finishedPartial("efgh"));
        for (int round = 0; round < 20; round++) {
            hasRange(whole, "0-0", "a");
            hasRange(whole, "2-4", "cde");
            hasRange(whole, "3-", "defgh");
            hasRange(whole, "-2", "gh");
            hasRange(whole, "0-7", "abcdefgh");
        }
    }

    private void hasRange(URI whole, String range, String text) throws IOException {
        assertThat(tus.send(RawRequest.of("GET", whole).header("Range", "bytes=" + range)))
                .hasStatus(206)
                .hasBody(text);
    }
}
