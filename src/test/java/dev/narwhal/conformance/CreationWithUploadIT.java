package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section H: creations that bring bytes. */
class CreationWithUploadIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 98, level = M)
    @DisplayName("T98 D10 A creation takes the first bytes")
    void t98_creation_withTheFirstBytes() throws IOException {
        for (RawRequest request : new RawRequest[] {
            typed(tus.post(8)).body("hello"), typed(tus.post(8)).chunked("he", "llo")
        }) {
            RawResponse answer = tus.send(request);
            assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "5");
            URI upload = answer.location(tus.creationUrl());
            assertThat(tus.head(upload)).hasHeader("Upload-Offset", "5").hasHeader("Upload-Length", "8");
            tus.append(upload, 5, "you");
            tus.holds(upload, "helloyou");
        }
    }

    @Test
    @Item(value = 99, level = M)
    @DisplayName("T99 A creation takes the whole upload")
    void t99_creation_withAllBytes() throws IOException {
        RawResponse answer = tus.send(typed(tus.post(5)).body("hello"));
        assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "5");
        URI upload = answer.location(tus.creationUrl());
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", "5").hasHeader("Upload-Length", "5");
        tus.holds(upload, "hello");
    }

    @Test
    @Item(value = 100, level = S)
    @DisplayName("T100 A creation whose body ends early fails, and says where the bytes are that came")
    void t100_creation_bodyEndsEarly() throws IOException {
        RawResponse answer;
        try (RawHttp http = RawHttp.open(typed(tus.post(10)).announcing(10))) {
            answer = http.send("hello").finishSending().read();
        }
        assertThat(answer).isNoSuccess();
        if (TusServer.isForeign()) {
            Assumptions.assumeTrue(
                    answer.header("Location").isPresent(), "the answer does not tell where the bytes are that came");
        }
        URI upload = answer.location(tus.creationUrl());
        tus.awaitOffset(upload, 5);
        tus.append(upload, 5, "world");
        tus.holds(upload, "helloworld");
    }

    @Test
    @Item(value = 101, level = I)
    @DisplayName("T101 A creation that announces more than its length is refused with 413, and creates nothing")
    void t101_creation_announcesMoreThanItsLength() throws IOException {
        try (RawHttp http = RawHttp.open(typed(tus.post(3)).announcing(5))) {
            assertThat(http.read()).hasStatus(413).hasNoHeader("Location");
        }
    }

    @Test
    @Item(value = 101, level = I)
    @DisplayName(
            "T101 A creation whose chunks have more than its length is refused with 413; its upload, if any, is usable")
    void t101_creation_chunksHaveMoreThanItsLength() throws IOException {
        RawResponse answer = tus.send(typed(tus.post(3)).chunked("abc", "def"));
        assertThat(answer).hasStatus(413);
        if (answer.header("Location").isPresent()) {
            URI upload = answer.location(tus.creationUrl());
            long offset = tus.offset(upload);
            assertThat(offset).isLessThanOrEqualTo(3);
            tus.append(upload, offset, "abc".substring((int) offset));
            tus.holds(upload, "abc");
        }
    }

    @Test
    @Item(value = 102, level = I, needs = "creation-defer-length")
    @DisplayName("T102 A creation of unknown length takes bytes")
    void t102_creation_ofUnknownLengthWithBytes() throws IOException {
        RawResponse answer = tus.send(typed(tus.postDeferred()).body("hello"));
        assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "5");
        URI upload = answer.location(tus.creationUrl());
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", "5").hasHeader("Upload-Defer-Length", "1");
        assertThat(tus.send(tus.patch(upload, 5).header("Upload-Length", "5").body("")))
                .hasStatus(204);
        tus.holds(upload, "hello");
    }

    @Test
    @Item(value = 103, level = I)
    @DisplayName("T103 A creation of the right type without a body has the offset 0")
    void t103_creation_withAnEmptyBody() throws IOException {
        for (RawRequest request : new RawRequest[] {
            typed(tus.post(5)).body(""), typed(tus.post(5)), typed(tus.post(5)).chunked(new byte[0][])
        }) {
            assertThat(tus.send(request)).hasStatus(201).hasHeader("Upload-Offset", "0");
        }
        assertThat(tus.send(typed(tus.post(0)).body(""))).hasStatus(201).hasHeader("Upload-Offset", "0");
    }

    @Test
    @Item(value = 104, level = S)
    @DisplayName("T104 A creation that is refused is not told to send its body")
    void t104_creation_refusedBeforeItsBody() throws IOException {
        RawRequest tooLarge = expecting(typed(tus.post(3)).announcing(5));
        RawRequest badMetadata =
                expecting(typed(tus.post(5)).header("Upload-Metadata", "=,").announcing(5));
        RawRequest oldVersion =
                expecting(typed(tus.post(5)).with("Tus-Resumable", "0.2.2").announcing(5));
        for (RawRequest refused : new RawRequest[] {tooLarge, badMetadata, oldVersion}) {
            assertThat(tus.send(refused)).isNoSuccess().cameWithoutContinue();
        }
    }

    @Test
    @Item(value = 104, level = S)
    @DisplayName("T104 A creation that is accepted is told to send its body")
    void t104_creation_acceptedBeforeItsBody() throws IOException {
        try (RawHttp http = tus.begin(typed(tus.post(5)).announcing(5))) {
            assertThat(http.send("hello").read()).hasStatus(201).hasHeader("Upload-Offset", "5");
        }
    }

    private static RawRequest typed(RawRequest creation) {
        return creation.header("Content-Type", TusClient.OFFSET_TYPE);
    }

    private static RawRequest expecting(RawRequest request) {
        return request.header("Expect", "100-continue");
    }
}
