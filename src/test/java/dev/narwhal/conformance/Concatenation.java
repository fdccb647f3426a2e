package dev.narwhal.conformance;

import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Makes partial and final uploads, as clients do that send several pieces at once. */
final class Concatenation {

    private final TusClient tus;

    Concatenation(TusClient tus) {
        this.tus = tus;
    }

    RawRequest postPartial(long length) {
        return tus.post(length).header("Upload-Concat", "partial").body("");
    }

    /** A partial upload that lacks its bytes. */
    URI partial(long length) throws IOException {
        return tus.created(postPartial(length));
    }

    URI deferredPartial() throws IOException {
        return tus.created(tus.postDeferred().header("Upload-Concat", "partial").body(""));
    }

    URI finishedPartial(byte[] content) throws IOException {
        URI partial = partial(content.length);
        if (content.length > 0) {
            tus.append(partial, 0, content);
        }
        return partial;
    }

    URI finishedPartial(String content) throws IOException {
        return finishedPartial(content.getBytes(UTF_8));
    }

    /** Whatever stands in the header. */
    RawRequest postConcat(String header) {
        return tus.post().header("Upload-Concat", header).body("");
    }

    static String listOf(URI... partials) {
        return "final;" + Arrays.stream(partials).map(URI::toString).collect(Collectors.joining(" "));
    }

    RawResponse concatenate(URI... partials) throws IOException {
        return tus.send(postConcat(listOf(partials)));
    }

    /** A final upload, which must be accepted. */
    URI whole(URI... partials) throws IOException {
        RawResponse answer = concatenate(partials);
        assertThat(answer).hasStatus(201);
        return answer.location(tus.creationUrl());
    }
}
