package dev.narwhal.http;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.NioEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs at most one line a minute when Tomcat cannot accept connections, mostly because there are no descriptors left.
 * Tomcat tries again by itself; {@code application.yaml} switches off its own log, a stack trace each time.
 */
class AcceptLoggingEndpoint extends NioEndpoint {

    private static final Logger log = LoggerFactory.getLogger(AcceptLoggingEndpoint.class);
    private static final long BETWEEN_LINES = TimeUnit.MINUTES.toNanos(1);

    private long unsaid;
    private long said;
    private boolean everSaid;

    @Override
    protected SocketChannel serverSocketAccept() throws Exception {
        try {
            return super.serverSocketAccept();
        } catch (IOException e) {
            if (isRunning()) {
                tell(e);
            }
            throw e;
        }
    }

    private void tell(IOException failure) {
        long now = System.nanoTime();
        if (everSaid && now - said < BETWEEN_LINES) {
            unsaid++;
            return;
        }
        log.warn(
                "server.accept-failed reason=\"{}\" unsaid={} connections wait; it is tried again",
                failure.getMessage(),
                unsaid);
        everSaid = true;
        said = now;
        unsaid = 0;
    }
}
