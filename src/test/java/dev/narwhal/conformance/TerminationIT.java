package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section K: DELETE. */
class TerminationIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 136, level = M)
    @DisplayName("T136 DELETE ends an unfinished upload")
    void t136_delete_ofAnUnfinishedUpload() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "abc");
        assertThat(tus.delete(upload)).hasStatus(204).hasNoBody();
        isGone(upload);
    }

    @Test
    @Item(value = 137, level = M)
    @DisplayName("T137 DELETE ends a finished upload")
    void t137_delete_ofAFinishedUpload() throws IOException {
        URI upload = tus.finished("abc");
        assertThat(tus.delete(upload)).hasStatus(204).hasNoBody();
        isGone(upload);
    }

    private void isGone(URI upload) throws IOException {
        assertThat(tus.head(upload)).isNoSuccess().hasNoHeader("Upload-Offset");
        assertThat(tus.get(upload)).isNoSuccess();
    }

    @Test
    @Item(value = 138, level = S)
    @DisplayName("T138 After a DELETE every request finds nothing: 404 or 410")
    void t138_requests_afterDelete() throws IOException {
        URI unfinished = tus.create(10);
        for (URI upload : new URI[] {unfinished, tus.finished("abc")}) {
            assertThat(tus.delete(upload)).hasStatus(204);
            assertThat(tus.head(upload)).hasStatus(404, 410);
            assertThat(tus.send(tus.patch(upload, 0).body("abc"))).hasStatus(404, 410);
            if (TusServer.offer().downloads()) {
                assertThat(tus.get(upload)).hasStatus(404, 410);
            }
        }
    }

    @Test
    @Item(value = 141, level = I)
    @DisplayName("T141 A repeated DELETE gets 404 or 410")
    void t141_delete_again() throws IOException {
        URI upload = tus.create(10);
        assertThat(tus.delete(upload)).hasStatus(204);
        assertThat(tus.delete(upload)).hasStatus(404, 410);
    }

    @Test
    @Item(value = 136, level = M)
    @DisplayName("T136 DELETE needs no Content-Length")
    void t136_delete_withoutAContentLength() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(tus.request("DELETE", upload))).hasStatus(204);
        isGone(upload);
    }

    @Test
    @Item(value = 141, level = I)
    @DisplayName("T141 DELETE of an upload that never was: 404")
    void t141_delete_ofAnUnknownUpload() throws IOException {
        assertThat(tus.delete(tus.missing())).hasStatusOr(404, 410);
    }

    @Test
    @Item(value = 139, level = I)
    @DisplayName("T139 D11 DELETE during a PATCH stops it, or is turned away; then the upload is there")
    void t139_delete_whileABodyComes() throws IOException {
        URI upload = tus.create(10);
        try (RawHttp writer = tus.beginPatch(upload, 0, 10).send("abc")) {
            RawResponse answer = tus.delete(upload);
            assertThat(answer).hasStatus(204, 423);
            writer.sendLeniently("defghij");
            Optional<RawResponse> patched = writer.readIfAny();
            if (answer.status() == 204) {
                isGone(upload);
                if (!TusServer.isForeign()) {
                    assertThat(patched.filter(RawResponse::isSuccess)).isEmpty();
                }
            } else {
                assertThat(patched.map(RawResponse::status)).contains(204);
                tus.holds(upload, "abcdefghij");
            }
        }
    }
}
