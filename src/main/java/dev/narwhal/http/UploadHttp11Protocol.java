package dev.narwhal.http;

import java.time.Duration;
import java.util.Objects;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1, with a {@link BodyClaim} for each request and a limit for slow heads. Tomcat instantiates it by
 * the name of the class; {@link #limit} must be called before it starts.
 */
public final class UploadHttp11Protocol extends Http11NioProtocol {

    private static final int ANSWER_BUFFER = 1 << 10;

    private @Nullable BodyBudget budget;
    private Duration headTimeout = Duration.ofDays(1);

    public UploadHttp11Protocol() {
        super(new UploadEndpoint());
    }

    /**
     * @param bodies the budget of all bodies
     * @param longestHead the time limit of a request's head, from its first byte
     */
    public void limit(BodyBudget bodies, Duration longestHead) {
        budget = bodies;
        headTimeout = longestHead;
    }

    @Override
    public void setAdapter(Adapter next) {
        super.setAdapter(budget == null ? next : new ConnectionAdapter(next, budget));
    }

    @Override
    protected Processor createProcessor() {
        return new TimedHeadProcessor(
                this, Objects.requireNonNull(getAdapter()), headTimeout, super.getMaxHttpResponseHeaderSize());
    }

    /** Bytes of the buffer that Tomcat makes for a connection; {@link AnswerHead} lends those of the full size. */
    @Override
    public int getMaxHttpResponseHeaderSize() {
        return AnswerHead.atRest(super.getMaxHttpResponseHeaderSize());
    }

    /** Bytes of an answer that are gathered before it is sent: our answers are short, and files bypass this buffer. */
    @Override
    public int getDesiredBufferSize() {
        return ANSWER_BUFFER;
    }

    private static final class ConnectionAdapter extends ClaimingAdapter {

        private final BodyBudget budget;

        ConnectionAdapter(Adapter next, BodyBudget budget) {
            super(next);
            this.budget = budget;
        }

        @Override
        BodyClaim claim(Request request) {
            return BodyClaim.on(
                    budget, StraightBody.isPossibleFor(request) ? HeapShares.STRAIGHT_BODY : HeapShares.HTTP1_BODY);
        }

        @Override
        void beforeService(Request request) {
            StraightBody.attachTo(request);
            StraightAnswer.attachTo(request);
        }

        @Override
        void afterService(Request request) {
            StraightBody.detachFrom(request);
        }

        /** Does not read the rest of a refused body, because its client may take a minute to send it. */
        @Override
        void refused(Request request) {
            request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }
}
