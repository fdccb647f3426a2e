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

/** Section C: what a client learns about an upload before it goes on. */
class HeadIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 20, level = S)
    @DisplayName("T20 HEAD of an upload gets 200 or 204, empty, in the middle and complete")
    void t20_head_succeeds() throws IOException {
        for (URI upload : atEveryStage()) {
            // The specification allows both; go-tus, tusgo and tus-php take 204 for a failure.
            assertThat(tus.head(upload)).hasStatusOr(200, 204);
        }
    }

    @Test
    @Item(value = 21, level = M)
    @DisplayName("T21 HEAD tells the offset: at 0, in the middle and when complete")
    void t21_head_tellsTheOffset() throws IOException {
        URI upload = tus.create(5);
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", "0");
        tus.append(upload, 0, "abc");
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", "3");
        tus.append(upload, 3, "de");
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", "5");
    }

    @Test
    @Item(value = 22, level = M)
    @DisplayName("T22 D12 HEAD tells the length, a length of 0 too")
    void t22_head_tellsTheLength() throws IOException {
        for (URI upload : atEveryStage()) {
            assertThat(tus.head(upload)).hasHeader("Upload-Length", "5");
        }
        assertThat(tus.head(tus.create(0))).hasHeader("Upload-Length", "0").hasHeader("Upload-Offset", "0");
    }

    private List<URI> atEveryStage() throws IOException {
        URI begun = tus.create(5);
        tus.append(begun, 0, "abc");
        return List.of(tus.create(5), begun, tus.finished("abcde"));
    }

    @Test
    @Item(value = 23, level = M)
    @DisplayName("T23 An answer to HEAD is not to be stored by caches")
    void t23_head_isNotCached() throws IOException {
        assertThat(tus.head(tus.create(5))).lists("Cache-Control", "no-store");
    }

    @Test
    @Item(value = 24, level = M)
    @DisplayName("T24 HEAD says nothing of a deferred length where the length is known, 0 too")
    void t24_head_whereTheLengthIsKnown() throws IOException {
        for (URI upload : atEveryStage()) {
            assertThat(tus.head(upload)).hasNoHeader("Upload-Defer-Length");
        }
        assertThat(tus.head(tus.create(0))).hasNoHeader("Upload-Defer-Length");
    }

    @Test
    @Item(value = 24, level = M, needs = "creation-defer-length")
    @DisplayName("T24 HEAD says no more that the length is deferred, once it is known")
    void t24_head_onceTheLengthIsKnown() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.head(upload)).hasHeader("Upload-Defer-Length", "1").hasNoHeader("Upload-Length");
        assertThat(tus.send(tus.patch(upload, 0).header("Upload-Length", "5").body("abc")))
                .hasStatus(204);
        assertThat(tus.head(upload)).hasHeader("Upload-Length", "5").hasNoHeader("Upload-Defer-Length");
    }

    @Test
    @Item(value = 25, level = M)
    @DisplayName("T25 HEAD echoes Upload-Metadata exactly, and only when there was some")
    void t25_head_echoesMetadata() throws IOException {
        String metadata = "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential,Empty ,x-Y_z! YQ==";
        URI upload = tus.created(tus.post(5).header("Upload-Metadata", metadata).body(""));
        assertThat(tus.head(upload)).hasHeader("Upload-Metadata", metadata);
        tus.append(upload, 0, "abcde");
        assertThat(tus.head(upload)).hasHeader("Upload-Metadata", metadata);
        assertThat(tus.head(tus.create(5))).hasNoHeader("Upload-Metadata");
    }

    @Test
    @Item(value = 26, level = S)
    @DisplayName("T26 HEAD of an unknown upload: 404, no offset, no body")
    void t26_head_ofAnUnknownUpload() throws IOException {
        assertThat(tus.head(tus.missing()))
                .hasStatus(403, 404, 410)
                .hasNoHeader("Upload-Offset")
                .hasNoHeader("Upload-Length");
    }

    @Test
    @Item(value = 27, level = I)
    @DisplayName("T27 HEAD of the creation URL: 404 or 405")
    void t27_head_ofTheCreationUrl() throws IOException {
        assertThat(tus.head(tus.creationUrl())).hasStatus(404, 405).hasNoHeader("Upload-Offset");
    }

    @Test
    @Item(value = 31, level = I)
    @DisplayName("T31 An answer to HEAD does not announce a body, and the connection goes on")
    void t31_head_announcesNoBody() throws IOException {
        URI upload = tus.create(5);
        tus.append(upload, 0, "abc");
        try (RawHttp http = RawHttp.open(tus.request("HEAD", upload))) {
            RawResponse first = http.read();
            assertThat(first).isSuccess().hasNoHeader("Transfer-Encoding");
            assertThat(first.header("Content-Length").orElse("0")).isEqualTo("0");
            assertThat(http.send(tus.request("HEAD", tus.missing())).read()).hasStatus(403, 404, 410);
            assertThat(http.send(tus.request("HEAD", upload)).read())
                    .isSuccess()
                    .hasHeader("Upload-Offset", "3");
        }
    }

    @Test
    @Item(value = 30, level = I)
    @DisplayName("T30 Any number of HEADs leave the upload as it is")
    void t30_head_changesNothing() throws IOException {
        URI upload = tus.created(tus.post(5).header("Upload-Metadata", "a Yg==").body(""));
        tus.append(upload, 0, "abc");
        RawResponse first = tus.head(upload);
        for (int i = 0; i < 20; i++) {
            assertThat(tus.head(upload))
                    .hasHeader("Upload-Offset", "3")
                    .hasHeader("Upload-Length", "5")
                    .hasHeader("Upload-Metadata", "a Yg==");
        }
        assertThat(tus.head(upload).values("Upload-Expires")).isEqualTo(first.values("Upload-Expires"));
    }
}
