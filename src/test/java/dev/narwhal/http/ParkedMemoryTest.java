package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.Request;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a waiting body gives back is not missed by the requests that follow on its connection. */
class ParkedMemoryTest {

    private static final String TEXT = "0123456789".repeat(1000);

    private final org.apache.coyote.Request request = new org.apache.coyote.Request();
    private final Request servlets = new Connector().createRequest(request);
    private final ParkedMemory memory = new ParkedMemory(request);

    @BeforeEach
    void respond() {
        request.setResponse(new org.apache.coyote.Response());
    }

    @Test
    void container_hasTheFieldsWhoseBuffersAreGivenBack() {
        assertThat(ParkedMemory.isPossible()).isTrue();
    }

    /** The next body on the connection is read as text, longer than the buffer for few characters. */
    @Test
    void giveBack_leavesAStreamThatStillReadsText() throws Exception {
        request.setNote(CoyoteAdapter.ADAPTER_NOTES, servlets);
        memory.giveBack();
        memory.giveBack();
        ByteBuffer body = ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.ISO_8859_1));
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

        assertThat(read.toString()).isEqualTo(TEXT);
    }

    @Test
    void giveBack_keepsTheAnswersFields_andTheirNumberIsNotLimited() {
        request.getResponse().addHeader("X-a", "a");

        memory.giveBack();
        for (int i = 0; i < 20; i++) {
            request.getResponse().addHeader("X-b", String.valueOf(i));
        }

        assertThat(request.getResponse().getMimeHeaders().getHeader("X-a")).isEqualTo("a");
        assertThat(request.getResponse().getMimeHeaders().size()).isEqualTo(21);
    }
}
