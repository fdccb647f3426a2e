package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** OPTIONS and the truth: what is listed works, what works is listed. */
class ExtensionsIT {

    /** Of tus 1.0.0. */
    private static final Set<String> KNOWN = Set.of(
            "creation",
            "creation-with-upload",
            "creation-defer-length",
            "expiration",
            "checksum",
            "checksum-trailer",
            "termination",
            "concatenation",
            "concatenation-unfinished");

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 8, level = M)
    @DisplayName("T8 Tus-Extension is one list of names, each once; without an extension it is absent")
    void t8_options_listsNames() throws IOException {
        RawResponse options = options();
        List<String> listed = listed(options);
        assertThat(listed).doesNotHaveDuplicates().doesNotContain("");
        assertThat(listed).allMatch(name -> name.matches("[a-z0-9-]+"), "in lower case, without blanks");
        if (!TusServer.isForeign()) {
            assertThat(KNOWN).containsAll(listed);
        }
        assertThat(options.values("Tus-Extension")).hasSizeLessThanOrEqualTo(1).doesNotContain("");
    }

    @Test
    @Item(value = 10, level = M)
    @DisplayName("T10 No extension is listed without the one that it builds on")
    void t10_options_claimsNoHalfExtension() throws IOException {
        List<String> listed = listed(options());
        assertImplies(listed, "creation-with-upload", "creation");
        assertImplies(listed, "creation-defer-length", "creation");
        assertImplies(listed, "checksum-trailer", "checksum");
        assertImplies(listed, "concatenation-unfinished", "concatenation");
    }

    private static void assertImplies(List<String> listed, String one, String other) {
        if (listed.contains(one)) {
            assertThat(listed).contains(other);
        }
    }

    @Test
    @Item(value = 57, level = M)
    @DisplayName("T57 Uploads can be created exactly if creation is listed")
    void t57_creation_isListed() throws IOException {
        assertListed("creation", tus.send(tus.post(3).body("")).status() == 201);
    }

    @Test
    @Item(value = 84, level = M)
    @DisplayName("T84 Uploads of unknown length can be created exactly if creation-defer-length is listed")
    void t84_deferredLength_isListed() throws IOException {
        assertListed(
                "creation-defer-length", tus.send(tus.postDeferred().body("")).status() == 201);
    }

    @Test
    @Item(value = 97, level = M)
    @DisplayName("T97 A creation takes bytes exactly if creation-with-upload is listed")
    void t97_creationWithUpload_isListed() throws IOException {
        RawResponse answer = tus.send(
                tus.post(5).header("Content-Type", TusClient.OFFSET_TYPE).body("hello"));
        assertListed(
                "creation-with-upload", answer.status() == 201 && tus.offset(answer.location(tus.creationUrl())) == 5);
    }

    @Test
    @Item(value = 107, level = M)
    @DisplayName("T107 Expiries are told, by a creation or a PATCH, exactly if expiration is listed")
    void t107_expiration_isListed() throws IOException {
        RawResponse creation = tus.send(tus.post(10).body(""));
        RawResponse patch =
                tus.send(tus.patch(creation.location(tus.creationUrl()), 0).body("a"));
        assertListed(
                "expiration",
                Stream.of(creation, patch)
                        .anyMatch(answer -> answer.header("Upload-Expires").isPresent()));
    }

    @Test
    @Item(value = 135, level = M)
    @DisplayName("T135 Uploads can be deleted exactly if termination is listed")
    void t135_termination_isListed() throws IOException {
        URI upload = tus.create(3);
        tus.delete(upload);
        assertListed("termination", !tus.head(upload).isSuccess());
    }

    @Test
    @Item(value = 142, level = M)
    @DisplayName("T142 Partial uploads are taken exactly if concatenation is listed")
    void t142_concatenation_isListed() throws IOException {
        RawResponse answer =
                tus.send(tus.post(3).header("Upload-Concat", "partial").body(""));
        assertListed(
                "concatenation",
                answer.status() == 201
                        && tus.head(answer.location(tus.creationUrl()))
                                .values("Upload-Concat")
                                .equals(List.of("partial")));
    }

    /** Neither listed nor there is no failure: it is not offered. */
    private void assertListed(String extension, boolean works) throws IOException {
        RawResponse options = options();
        if (works) {
            assertThat(options).lists("Tus-Extension", extension);
        } else {
            TusServer.assumeOffered(extension);
            throw new AssertionError(extension + " is listed and does not work in\n" + options);
        }
    }

    private RawResponse options() throws IOException {
        return tus.send(RawRequest.of("OPTIONS", tus.creationUrl()));
    }

    private static List<String> listed(RawResponse options) {
        return options.values("Tus-Extension").stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
    }
}
