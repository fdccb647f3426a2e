package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to the bytes of a refused body on the connection that they come over: never are they a request. */
class RefusedBodyIT {

    private final TusClient tus = TusServer.client();

    @ParameterizedTest
    @ValueSource(ints = {0, 8 << 20})
    @Item(value = 53, level = I)
    @DisplayName("T53 Requests in a refused body are not carried out, be it short or long")
    void t53_refusedBody_isNoRequest(int padding) throws IOException {
        URI upload = tus.create(100_000_000);
        String smuggled = smuggled(upload);
        byte[] body = (smuggled + "x".repeat(padding) + smuggled).getBytes(ISO_8859_1);
        try (RawHttp http = RawHttp.open(tus.patch(upload, 7).body(body))) {
            assertThat(http.read()).hasStatus(409);
            http.sendLeniently(tus.request("HEAD", upload).head());
            Optional<RawResponse> next = readHead(http, tus.request("HEAD", upload));
            next.ifPresent(answer -> assertThat(answer).hasStatus(200, 204).hasHeader("Upload-Offset", "0"));
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(value = 53, level = I)
    @DisplayName("T53 Requests in a body that was not asked for are not carried out")
    void t53_bodyThatWasNotAskedFor_isNoRequest() throws IOException {
        URI upload = tus.create(100);
        String smuggled = smuggled(upload);
        RawRequest refused =
                tus.patch(upload, 7).header("Expect", "100-continue").announcing(smuggled.length());
        try (RawHttp http = RawHttp.open(refused)) {
            assertThat(http.read()).hasStatus(409);
            http.sendLeniently(smuggled);
            assertThat(http.readIfAny()).isEmpty();
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(value = 53, level = I)
    @DisplayName("T53 Requests in a body that is too long are not carried out")
    void t53_bodyThatIsTooLong_isNoRequest() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(3);
        URI other = tus.create(3);
        String smuggled = smuggled(other);
        try (RawHttp http = RawHttp.open(tus.patch(upload, 0).announcingChunks())) {
            http.sendLeniently("3\r\nabc\r\n" + Integer.toHexString(smuggled.length()) + "\r\n" + smuggled);
            http.readIfAny().ifPresent(answer -> assertThat(answer).hasStatusOr(413, 400));
            RawRequest head = tus.request("HEAD", other);
            http.sendLeniently("\r\n0\r\n\r\n" + head.head());
            readHead(http, head).ifPresent(answer -> assertThat(answer).isSuccess());
        }
        assertThat(tus.offset(other)).isZero();
    }

    private static String smuggled(URI upload) {
        return "DELETE " + upload.getPath() + " HTTP/1.1\r\nHost: " + upload.getAuthority()
                + "\r\nTus-Resumable: 1.0.0\r\nContent-Length: 0\r\n\r\n";
    }

    /** Reads the answer to a HEAD that was sent by hand. */
    private static Optional<RawResponse> readHead(RawHttp http, RawRequest head) throws IOException {
        return http.answering(head).readIfAny();
    }
}
