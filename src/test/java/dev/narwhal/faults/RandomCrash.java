package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.UploadKind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.awaitility.Awaitility;

/**
 * SIGKILL and a new start, where there can be one in the middle of a body.
 *
 * @param size bytes of the body that are sent before it
 * @param told whether a HEAD has told of them: then none may be lost
 */
record RandomCrash(int size, boolean told) implements RandomActions.Deed {

    static Arbitrary<RandomCrash> any() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, RandomActions.MOST_BYTES), Arbitraries.of(true, false))
                .as(RandomCrash::new);
    }

    @Override
    public void on(ModelledServer server, ModelledUpload upload) {
        Long length = upload.length();
        long announced = length == null ? size + 1 : length - upload.offset();
        int sent = (int) Math.min(size, announced - 1);
        if (upload.isGone() || upload.kind == UploadKind.FINAL || sent < 1) {
            server.crash();
            return;
        }
        byte[] body = server.newBytes(sent);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
            OutputStream out = socket.getOutputStream();
            String head = "PATCH " + upload.url.getPath() + " HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
                    + "Content-Type: " + ModelledServer.OFFSET_TYPE + "\r\nUpload-Offset: " + upload.offset()
                    + "\r\nContent-Length: " + announced + "\r\n\r\n";
            out.write(head.getBytes(US_ASCII));
            out.write(body);
            out.flush();
            if (told) {
                Awaitility.await("HEAD tells of the bytes")
                        .until(() -> server.offset(upload) == upload.offset() + sent);
            }
            server.crash();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        int kept = (int) (server.offset(upload) - upload.offset());
        assertThat(kept).isBetween(told ? sent : 0, sent);
        upload.append(Arrays.copyOf(body, kept));
    }
}
