package dev.narwhal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NetworkFault.Kind;
import dev.narwhal.testkit.NetworkLuck.Cuts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bad network between a server that echoes and clients that send until something happens. */
@Timeout(120)
class NetworkTroubleTest {

    private static final int TIMEOUT_MILLIS = 20_000;

    @Test
    void eachKind_strikes_andEachConnectionEnds() throws Exception {
        NetworkLuck luck = new NetworkLuck(new Random(1), 20_000, Duration.ofMillis(100), Cuts.ANYWHERE);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FaultProxy proxy = FaultProxy.to(URI.create("http://127.0.0.1:" + server.getLocalPort()), luck)) {
            Thread.ofVirtual().start(() -> echoAll(server));
            for (int i = 0; i < 100 && luck.struck().size() < Kind.values().length; i++) {
                converse(proxy.through(URI.create("http://127.0.0.1/")));
            }
            assertThat(luck.struck()).hasSize(Kind.values().length);
            assertThat(proxy.received()).isGreaterThanOrEqualTo(proxy.forwarded());
        }
    }

    /** What comes back is what was sent, up to where it ends. */
    private static void converse(URI proxy) throws IOException {
        byte[] sent = new byte[10_000];
        new Random(2).nextBytes(sent);
        try (Socket client = new Socket(proxy.getHost(), proxy.getPort())) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            for (int i = 0; i < 20; i++) {
                client.getOutputStream().write(sent);
                byte[] answer = client.getInputStream().readNBytes(sent.length);
                assertThat(answer).isEqualTo(Arrays.copyOf(sent, answer.length));
                if (answer.length < sent.length) {
                    return;
                }
            }
        } catch (SocketException e) {
            // A reset: what this is about.
        }
    }

    private static void echoAll(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket accepted = server.accept();
                Thread.ofVirtual().start(() -> echo(accepted));
            } catch (IOException e) {
                // Only when it was closed.
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // A reset of this side.
        }
    }
}
