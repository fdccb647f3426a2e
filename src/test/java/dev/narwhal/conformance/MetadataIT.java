package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section F: Upload-Metadata. */
class MetadataIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 72, level = M)
    @DisplayName("T72 A key may have no value")
    void t72_metadata_keyWithoutAValue() throws IOException {
        isEchoed("filename d29ybGQ=,is_confidential");
        isEchoed("is_confidential");
    }

    @Test
    @Item(value = 72, level = M, needs = Offer.DOWNLOAD)
    @DisplayName("T72 D32 A file whose name has no value can be downloaded")
    void t72_metadata_filenameWithoutAValue() throws IOException {
        for (String metadata : new String[] {"filename", "filename ", "filetype,filename", "filetype ,x eA=="}) {
            assertThat(tus.get(tus.finished("abc".getBytes(UTF_8), metadata)))
                    .hasStatus(200)
                    .hasBody("abc");
        }
    }

    @Test
    @Item(value = 73, level = M)
    @DisplayName("T73 A key may have a blank and no value after it; whether HEAD keeps the blank is for T25")
    void t73_metadata_keyWithABlank() throws IOException {
        URI upload =
                tus.created(tus.post(3).header("Upload-Metadata", "a ,b Yg==").body(""));
        assertThat(tus.head(upload)).isSuccess();
        assertThat(tus.head(upload).required("Upload-Metadata")).matches("a ?,b Yg==");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=,", ",a Yg==", "a Yg==,", ",", "a Yg==,,b Yg==", "=,=,"})
    @Item(value = 74, level = M)
    @DisplayName("T74 D21 An empty key is refused with 400")
    void t74_metadata_emptyKey(String metadata) throws IOException {
        isRefused(metadata);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b c", "a Yg== c", "a  b Yg=="})
    @Item(value = 75, level = M)
    @DisplayName("T75 D21 A key or value with a blank in it is refused with 400")
    void t75_metadata_blankInside(String metadata) throws IOException {
        isRefused(metadata);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a Yg==,a Yw==", "a,a", "a Yg==,b Yg==,a Yg=="})
    @Item(value = 76, level = M)
    @DisplayName("T76 D21 A key that comes twice is refused with 400")
    void t76_metadata_duplicateKey(String metadata) throws IOException {
        isRefused(metadata);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a ***", "a Y", "a Yg=", "a Yg===", "a Y=g=", "a Yg==Yg=="})
    @Item(value = 77, level = M)
    @DisplayName("T77 D21 A value that is not Base64 is refused with 400")
    void t77_metadata_valueIsNotBase64(String metadata) throws IOException {
        isRefused(metadata);
    }

    @Test
    @Item(value = 78, level = S)
    @DisplayName("T78 A key that is not ASCII is refused, or comes back byte for byte")
    void t78_metadata_keyIsNotAscii() throws IOException {
        String metadata = new String("schlüssel Yg==".getBytes(UTF_8), ISO_8859_1);
        RawResponse answer =
                tus.send(tus.post(3).header("Upload-Metadata", metadata).body(""));
        assertThat(answer).hasStatus(201, 400);
        if (answer.status() == 201) {
            assertThat(tus.head(answer.location(tus.creationUrl()))).hasHeader("Upload-Metadata", metadata);
        }
    }

    @Test
    @Item(value = 79, level = I)
    @DisplayName("T79 Blanks around commas are tolerated: older TUSKit versions send them")
    void t79_metadata_blanksAroundCommas() throws IOException {
        RawRequest creation = tus.post(3)
                .header("Upload-Extension", "creation")
                .header("Upload-Metadata", "filename YS50eHQ=, filetype dGV4dC9wbGFpbg==");
        URI upload = tus.created(creation.body(""));
        assertThat(tus.head(upload).required("Upload-Metadata"))
                .matches("filename YS50eHQ=, ?filetype dGV4dC9wbGFpbg==");
        tus.append(upload, 0, "abc");
        tus.holds(upload, "abc");
    }

    @Test
    @Item(value = 80, level = I)
    @DisplayName("T80 A blank header is as none, or is refused")
    void t80_metadata_blank() throws IOException {
        RawResponse answer = tus.send(tus.post(3).header("Upload-Metadata", "").body(""));
        assertThat(answer).hasStatus(201, 400);
        if (answer.status() == 201) {
            assertThat(tus.head(answer.location(tus.creationUrl()))).hasNoHeader("Upload-Metadata");
        }
    }

    @Test
    @Item(value = 82, level = I)
    @DisplayName("T82 Metadata of 6 KB comes back whole")
    void t82_metadata_large() throws IOException {
        isEchoed(TusClient.metadata("k", "x".repeat(4500)));
    }

    @Test
    @Item(value = 82, level = I)
    @DisplayName("T82 Metadata of any size is refused at once, or HEAD can echo it: else nobody can resume the upload")
    void t82_metadata_ofEverySize() throws IOException {
        for (int size = 3000; size < 20_000; size += 100) {
            String metadata = TusClient.metadata("k", "x".repeat(size));
            RawResponse answer =
                    tus.send(tus.post(3).header("Upload-Metadata", metadata).body(""));
            assertThat(answer).hasStatus(201, 400, 413, 431);
            if (answer.status() == 201) {
                assertThat(tus.head(answer.location(tus.creationUrl())))
                        .isSuccess()
                        .hasHeader("Upload-Metadata", metadata);
            }
        }
    }

    @Test
    @Item(value = 82, level = I)
    @DisplayName("T82 Headers without end are refused with 400, 413 or 431, and nothing is created")
    void t82_metadata_tooLarge() throws IOException {
        String metadata = TusClient.metadata("k", "x".repeat(100_000));
        try (RawHttp http =
                RawHttp.open(tus.post(3).header("Upload-Metadata", metadata).body(""))) {
            // The connection may end before the answer could be read.
            Optional<RawResponse> answer = http.readIfAny();
            if (answer.isPresent()) {
                assertThat(answer.get()).hasStatus(400, 413, 431).hasNoHeader("Location");
            }
        }
    }

    private void isEchoed(String metadata) throws IOException {
        URI upload = tus.created(tus.post(3).header("Upload-Metadata", metadata).body(""));
        assertThat(tus.head(upload)).isSuccess().hasHeader("Upload-Metadata", metadata);
    }

    private void isRefused(String metadata) throws IOException {
        RawResponse answer =
                tus.send(tus.post(3).header("Upload-Metadata", metadata).body(""));
        assertThat(answer).hasStatus(400).hasNoHeader("Location");
        assertThat(answer.header("Upload-Offset")).isEmpty();
    }
}
