package dev.narwhal.http;

import java.io.IOException;
import java.time.Duration;
import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Closes a connection when a request's head takes too long. Tomcat's own limit applies to the silence between two
 * bytes: a client that sends one now and then would hold the head's buffers for ever.
 */
final class TimedHeadProcessor extends Http11Processor {

    private static final long NOT_BEGUN = -1;

    private final long limitNanos;
    private final int requestHead;
    private final RequestHead head;

    /** @param answerHead bytes of the largest head of an answer */
    TimedHeadProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter, Duration limit, int answerHead) {
        super(protocol, adapter);
        this.limitNanos = limit.toNanos();
        this.requestHead = protocol.getMaxHttpRequestHeaderSize();
        this.head = new RequestHead(request);
        AnswerHead.lendTo(this, response, answerHead);
        StraightBody.prepare(request, this::getSocketWrapper, head);
        StraightAnswer.prepare(request, this::getSocketWrapper);
    }

    /** Called whenever bytes of a head have arrived; the time counts from the first one. */
    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
        long begun = request.getStartTimeNanos();
        if (begun != NOT_BEGUN && System.nanoTime() - begun > limitNanos) {
            return SocketState.CLOSED;
        }
        head.provide(
                requestHead + socket.getSocketBufferHandler().getReadBuffer().capacity());
        SocketState state = super.service(socket);
        if (state == SocketState.OPEN || state == SocketState.CLOSED) {
            head.giveBack();
        }
        return state;
    }
}
