package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Heads of requests and answers, in buffers that connections use in turn. */
class AnswerHeadTest {

    private static final int ANSWER_HEAD = 20_000;

    /** Answers with the fields that the path asks for: {@code /SIZE/LETTER}. */
    private static final class Echo implements Adapter {

        @Override
        public void service(Request request, Response response) {
            if (response.getStatus() >= 400) {
                return;
            }
            String[] asked = request.requestURI().toString().split("/");
            response.setStatus(204);
            response.addHeader("X-size", asked[1]);
            response.addHeader("X-long", asked[2].repeat(Integer.parseInt(asked[1])));
            response.addHeader("X-back", String.valueOf(request.getHeader("X-there")));
            response.action(org.apache.coyote.ActionCode.CLOSE, null);
        }

        @Override
        public boolean prepare(Request request, Response response) {
            return true;
        }

        @Override
        public boolean asyncDispatch(Request request, Response response, SocketEvent status) {
            return false;
        }

        @Override
        public void log(Request request, Response response, long time) {}

        @Override
        public void checkRecycled(Request request, Response response) {}

        @Override
        public String getDomain() {
            return "test";
        }
    }

    private final UploadHttp11Protocol protocol = new UploadHttp11Protocol();

    @BeforeEach
    void start() throws Exception {
        protocol.setMaxHttpResponseHeaderSize(ANSWER_HEAD);
        protocol.setAddress(InetAddress.getLoopbackAddress());
        protocol.setPort(0);
        protocol.setAdapter(new Echo());
        protocol.init();
        protocol.start();
    }

    @AfterEach
    void stop() throws Exception {
        protocol.stop();
        protocol.destroy();
    }

    private final class Client implements AutoCloseable {

        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), protocol.getLocalPort());
        private final OutputStream out = socket.getOutputStream();
        private final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));

        Client() throws IOException {}

        void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        List<String> answer() throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.add(line);
            }
            return lines;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String get(int size, char letter, String there) {
        return "GET /" + size + "/" + letter + " HTTP/1.1\r\nHost: a\r\nX-there: " + there + "\r\n\r\n";
    }

    private static List<String> fields(int size, char letter, String there) {
        return List.of("X-size: " + size, "X-long: " + String.valueOf(letter).repeat(size), "X-back: " + there);
    }

    @Test
    void connectionAtRest_hasASmallBuffer_andAnswersWithLargeHeads() throws Exception {
        assertThat(protocol.getMaxHttpResponseHeaderSize()).isLessThan(1024);
        try (Client client = new Client()) {
            for (int size : new int[] {10, ANSWER_HEAD - 1000, 10}) {
                client.send(get(size, 'a', "b"));

                assertThat(client.answer()).contains("HTTP/1.1 204 ").containsAll(fields(size, 'a', "b"));
            }
        }
    }

    @Test
    void headBeyondTheSetting_isRefused() throws Exception {
        try (Client client = new Client()) {
            client.send(get(ANSWER_HEAD, 'a', "b"));

            assertThat(client.answer()).first().asString().isEqualTo("HTTP/1.1 500 ");
        }
    }

    @Test
    void requestThatIsNone_isAnswered() throws Exception {
        try (Client client = new Client()) {
            client.send("nonsense\r\n\r\n");

            assertThat(client.answer()).first().asString().startsWith("HTTP/1.1 4");
        }
    }

    /** The first half of a head waits while other connections use the buffers. */
    @Test
    void halfAHead_isKept_whileOthersComeAndGo() throws Exception {
        String head = get(100, 'c', "d".repeat(5000));
        try (Client slow = new Client()) {
            slow.send(head.substring(0, 2500));
            for (int i = 0; i < 100; i++) {
                try (Client other = new Client()) {
                    other.send(get(200, 'e', "f".repeat(6000)));
                    assertThat(other.answer()).containsAll(fields(200, 'e', "f".repeat(6000)));
                }
            }
            slow.send(head.substring(2500));

            assertThat(slow.answer()).containsAll(fields(100, 'c', "d".repeat(5000)));
        }
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder_evenWithHalfAHeadAtTheEnd() throws Exception {
        String third = get(30, 'i', "j");
        try (Client client = new Client()) {
            client.send(get(10, 'a', "b") + get(20, 'g', "h") + third.substring(0, 20));

            assertThat(client.answer()).containsAll(fields(10, 'a', "b"));
            assertThat(client.answer()).containsAll(fields(20, 'g', "h"));
            client.send(third.substring(20));
            assertThat(client.answer()).containsAll(fields(30, 'i', "j"));
        }
    }
}
