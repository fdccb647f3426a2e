package dev.narwhal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private static final int TIMEOUT_MILLIS = 10_000;

    private ServerSocket server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        proxy = FaultProxy.to(URI.create("http://127.0.0.1:" + server.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void bytes_passBothWays() throws IOException {
        proxy.countAnew();
        try (Socket client = client();
                Socket accepted = accept()) {
            client.getOutputStream().write(new byte[] {1, 2, 3});
            client.shutdownOutput();
            assertThat(accepted.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
            accepted.getOutputStream().write(4);
            accepted.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).containsExactly(4);
        }
        assertThat(proxy.forwarded()).isEqualTo(3);
    }

    @Test
    void hold_letsExactlySoManyBytesPass() throws IOException {
        proxy.holdAfter(5);
        try (Socket client = client();
                Socket accepted = accept()) {
            client.getOutputStream().write(new byte[9]);
            Awaitility.await().until(proxy::isHolding);
            assertThat(accepted.getInputStream().readNBytes(5)).hasSize(5);
            accepted.setSoTimeout((int) Duration.ofMillis(50).toMillis());
            assertThatThrownBy(() -> accepted.getInputStream().read()).hasMessageContaining("timed out");
            assertThat(proxy.forwarded()).isEqualTo(5);
        }
    }

    @Test
    void reset_endsBothSidesAndHoldsNoMore() throws IOException {
        proxy.holdAfter(5);
        try (Socket client = client();
                Socket accepted = accept()) {
            client.getOutputStream().write(new byte[9]);
            Awaitility.await().until(proxy::isHolding);
            accepted.getInputStream().readNBytes(5);
            proxy.reset();
            assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = client();
                Socket accepted = accept()) {
            client.getOutputStream().write(new byte[9]);
            assertThat(accepted.getInputStream().readNBytes(9)).hasSize(9);
        }
        assertThat(proxy.forwarded()).isEqualTo(14);
    }

    private Socket client() throws IOException {
        URI url = proxy.through(URI.create("http://127.0.0.1/"));
        Socket client = new Socket(url.getHost(), url.getPort());
        client.setSoTimeout(TIMEOUT_MILLIS);
        return client;
    }

    private Socket accept() throws IOException {
        server.setSoTimeout(TIMEOUT_MILLIS);
        Socket accepted = server.accept();
        accepted.setSoTimeout(TIMEOUT_MILLIS);
        return accepted;
    }
}
