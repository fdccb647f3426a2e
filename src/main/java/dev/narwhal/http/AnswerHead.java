package dev.narwhal.http;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11OutputBuffer;
import org.apache.coyote.http11.Http11Processor;
import org.jspecify.annotations.Nullable;

/**
 * Lends a connection the buffer for the head of an answer, of {@code server.tomcat.max-http-response-header-size}, while
 * the head is made and sent. Tomcat makes one for each connection. Thousands of slow bodies would hold them for nothing,
 * and thousands of answers that wait for the database, too.
 */
final class AnswerHead implements ActionHook {

    /** Bytes of the buffer that a connection keeps: enough for Tomcat's own answer to a request that is not one. */
    private static final int AT_REST = 512;

    private static final int MOST_KEPT = 64;
    private static final BufferStack HEADS = new BufferStack(MOST_KEPT);

    private final Http11Processor processor;
    private final Response response;
    private final ContainerFields fields;
    private final Http11OutputBuffer answer;
    private final int size;

    private AnswerHead(Http11Processor processor, Response response, ContainerFields fields, int size) {
        this.processor = processor;
        this.response = response;
        this.fields = fields;
        this.answer = fields.answerOf(processor);
        this.size = size;
    }

    /** @param size bytes of the largest head; the connection was made with {@link #atRest} of them */
    static void lendTo(Http11Processor processor, Response response, int size) {
        ContainerFields fields = ContainerFields.FOUND;
        if (fields != null) {
            fields.setHook(response, new AnswerHead(processor, response, fields, size));
        }
    }

    /** Bytes of the buffer that a connection has of its own, where the largest head has {@code size}. */
    static int atRest(int size) {
        return ContainerFields.FOUND == null ? size : Math.min(AT_REST, size);
    }

    @Override
    public void action(ActionCode code, @Nullable Object param) {
        if (response.isCommitted() || !makesHead(code)) {
            processor.action(code, param);
            return;
        }
        ByteBuffer own = Objects.requireNonNull(fields.head(answer));
        ByteBuffer lent = HEADS.take(size);
        fields.setHead(answer, lent);
        try {
            processor.action(code, param);
        } finally {
            fields.setHead(answer, own.clear());
            HEADS.giveBack(lent);
        }
    }

    private static boolean makesHead(ActionCode code) {
        return switch (code) {
            case COMMIT, CLOSE, CLIENT_FLUSH, EARLY_HINTS -> true;
            default -> false;
        };
    }
}
