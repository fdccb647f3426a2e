package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11OutputBuffer;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.junit.jupiter.api.Test;

/** The buffers that the container has again are as good as those that it gave. */
class ParkedMemoryTest {

    private static final int SIZE = 20_000;

    /** A connection's processor and the memory that it parks. */
    private static final class Connection {

        private final Http11Processor processor;
        private final ParkedMemory memory;

        @SuppressWarnings("NullAway") // no request is passed on
        Connection(int headSize) {
            Http11NioProtocol protocol = new Http11NioProtocol();
            protocol.setMaxHttpResponseHeaderSize(headSize);
            processor = new TimedHeadProcessor(protocol, null, Duration.ofSeconds(1));
            memory = new ParkedMemory(processor, processor.getRequest());
        }

        Http11OutputBuffer answer() throws ReflectiveOperationException {
            Field field = Http11Processor.class.getDeclaredField("outputBuffer");
            field.setAccessible(true);
            return (Http11OutputBuffer) field.get(processor);
        }

        ByteBuffer head() throws ReflectiveOperationException {
            Field field = Http11OutputBuffer.class.getDeclaredField("headerBuffer");
            field.setAccessible(true);
            return (ByteBuffer) field.get(answer());
        }

        void sends(String name, String value) throws ReflectiveOperationException {
            answer().sendHeader(text(name), text(value));
        }

        private static MessageBytes text(String text) {
            MessageBytes bytes = MessageBytes.newInstance();
            bytes.setString(text);
            return bytes;
        }

        /** Fails when the container has less room for a head than it is set to. */
        void answers(int size, String letter) throws ReflectiveOperationException {
            String value = letter.repeat(size - 7);
            sends("X-a", value);
            byte[] written = new byte[head().position()];
            head().duplicate().flip().get(written);
            assertThat(new String(written, StandardCharsets.ISO_8859_1)).isEqualTo("X-a: " + value + "\r\n");
        }
    }

    @Test
    void container_hasTheFieldsWhoseBuffersAreGivenBack() {
        assertThat(ParkedMemory.isPossible()).isTrue();
    }

    @Test
    void giveBack_leavesNoRoom_andTakeBackRestoresAll() throws Exception {
        Connection connection = new Connection(SIZE);
        for (int i = 0; i < 3; i++) {
            connection.memory.giveBack();
            assertThat(connection.head().capacity()).isZero();

            connection.memory.takeBack(false);
            assertThat(connection.head().capacity()).isEqualTo(SIZE);
        }

        connection.answers(SIZE - 10, "a");
    }

    @Test
    void giveBack_twiceInARow_keepsTheSize() throws Exception {
        Connection connection = new Connection(SIZE);

        connection.memory.giveBack();
        connection.memory.giveBack();
        connection.memory.takeBack(false);

        connection.answers(SIZE - 10, "a");
    }

    @Test
    void twoConnections_neverShareABuffer() throws Exception {
        Connection one = new Connection(SIZE);
        Connection two = new Connection(SIZE);
        one.memory.giveBack();
        two.memory.giveBack();
        one.memory.takeBack(false);
        two.memory.takeBack(false);

        two.sends("X-b", "b");
        one.answers(SIZE - 10, "a");

        assertThat(one.head()).isNotSameAs(two.head());
        assertThat(two.head().position()).isEqualTo("X-b: b\r\n".length());
    }

    @Test
    void pooledBuffer_ofAnotherSize_isNotUsed() throws Exception {
        Connection small = new Connection(100);
        Connection large = new Connection(SIZE);
        large.memory.giveBack();
        small.memory.giveBack();

        large.memory.takeBack(false);

        large.answers(SIZE - 10, "a");
    }

    /** Nothing of the answer that has begun is lost. */
    @Test
    void giveBack_anAnswerHasBegun_keepsIt() throws Exception {
        Connection connection = new Connection(SIZE);
        connection.sends("X-b", "b");
        ByteBuffer head = connection.head();

        connection.memory.giveBack();
        connection.memory.takeBack(false);

        assertThat(connection.head()).isSameAs(head);
        assertThat(head.position()).isEqualTo("X-b: b\r\n".length());
    }

    @Test
    void lostConnection_hasRoomForItsLastAnswer_andForAllAfterRestore() throws Exception {
        Connection connection = new Connection(SIZE);
        connection.memory.giveBack();
        connection.memory.takeBack(true);
        connection.answers(4_000, "a");
        connection.answer().nextRequest();

        connection.memory.restore();

        connection.answers(SIZE - 10, "b");
    }

    @Test
    void lostConnection_whoseHeadsAreSmall_hasNoLargerOne() throws Exception {
        Connection connection = new Connection(100);

        connection.memory.giveBack();
        connection.memory.takeBack(true);

        assertThat(connection.head().capacity()).isEqualTo(100);
    }

    /** The next body on the connection is read as text, longer than the buffer for few characters. */
    @Test
    void forgetRead_leavesAStreamThatStillReadsText() throws Exception {
        Connection connection = new Connection(SIZE);
        org.apache.coyote.Request request = connection.processor.getRequest();
        Request servlets = new Request(null, request);
        request.setNote(CoyoteAdapter.ADAPTER_NOTES, servlets);
        String text = "0123456789".repeat(1000);
        connection.memory.forgetRead();
        connection.memory.forgetRead();
        ByteBuffer body = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        request.setInputBuffer(new org.apache.coyote.InputBuffer() {
            @Override
            public int doRead(ApplicationBufferHandler handler) {
                int count = body.remaining();
                handler.setByteBuffer(body.slice());
                body.position(body.limit());
                return count == 0 ? -1 : count;
            }

            @Override
            public int available() {
                return body.remaining();
            }
        });

        StringBuilder read = new StringBuilder();
        for (int c = servlets.getReader().read();
                c >= 0;
                c = servlets.getReader().read()) {
            read.append((char) c);
        }

        assertThat(read.toString()).isEqualTo(text);
    }
}
