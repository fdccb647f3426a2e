package dev.narwhal.destination.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client that aborts a stalled request. A request is stalled if for the whole timeout the store has neither taken bytes
 * of the request body, nor sent bytes of the response. The timeout restarts with each byte. A timeout for the whole request
 * would be too short for a part of 5 GiB on a slow line, or too long for a store that does not respond.
 */
final class StallGuard implements SdkHttpClient {

    /** A stalled request was aborted. The store may have performed it. */
    static final class StalledException extends IOException {
        StalledException(Duration timeout, Throwable cause) {
            super("The store was silent for " + timeout.toMillis() + " ms", cause);
        }
    }

    /** Wraps the clients of another builder. */
    static final class Builder implements SdkHttpClient.Builder<Builder> {

        private final SdkHttpClient.Builder<?> http;
        private final Function<SdkHttpRequest, Duration> timeout;

        /** @param timeout how long a request may make no progress */
        Builder(SdkHttpClient.Builder<?> http, Function<SdkHttpRequest, Duration> timeout) {
            this.http = http;
            this.timeout = timeout;
        }

        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new StallGuard(http.buildWithDefaults(defaults), timeout, newTimer());
        }
    }

    private final SdkHttpClient http;
    private final Function<SdkHttpRequest, Duration> timeout;
    private final ScheduledThreadPoolExecutor timer;

    StallGuard(SdkHttpClient http, Function<SdkHttpRequest, Duration> timeout, ScheduledThreadPoolExecutor timer) {
        this.http = http;
        this.timeout = timeout;
        this.timer = timer;
    }

    /**
     * Removes cancelled checks at once. Otherwise the check of an ended request would keep the request and its body in memory
     * until the timeout.
     */
    static ScheduledThreadPoolExecutor newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("s3-stalls").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        Watchdog watchdog = new Watchdog(timeout.apply(request.httpRequest()));
        HttpExecuteRequest.Builder watched = HttpExecuteRequest.builder().request(request.httpRequest());
        request.contentStreamProvider()
                .ifPresent(body -> watched.contentStreamProvider(() -> watchdog.watched(body.newStream())));
        request.metricCollector().ifPresent(watched::metricCollector);
        ExecutableHttpRequest call = http.prepareRequest(watched.build());
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return watchdog.call(call);
            }

            @Override
            public void abort() {
                call.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        http.close();
    }

    /** Watches one request until its response ends. */
    private final class Watchdog {

        private final Duration timeout;
        private volatile long lastProgress;
        private volatile boolean ended;
        private volatile boolean stalled;
        private volatile @Nullable Future<?> nextCheck;

        Watchdog(Duration timeout) {
            this.timeout = timeout;
        }

        HttpExecuteResponse call(ExecutableHttpRequest request) throws IOException {
            progress();
            check(request);
            boolean answered = false;
            try {
                HttpExecuteResponse response = request.call();
                progress();
                answered = response.responseBody().isPresent();
                return answered ? watched(response) : response;
            } catch (IOException e) {
                throw stalledOr(e);
            } finally {
                if (!answered) {
                    end();
                }
            }
        }

        private void end() {
            ended = true;
            cancel(nextCheck);
        }

        private static void cancel(@Nullable Future<?> check) {
            if (check != null) {
                check.cancel(false);
            }
        }

        private void progress() {
            lastProgress = System.nanoTime();
        }

        private void check(Abortable request) {
            if (ended || timer.isShutdown()) {
                return;
            }
            long left = timeout.toNanos() - (System.nanoTime() - lastProgress);
            if (left <= 0) {
                stalled = true;
                request.abort();
            } else {
                Future<?> scheduled = timer.schedule(() -> check(request), left, TimeUnit.NANOSECONDS);
                nextCheck = scheduled;
                if (ended) {
                    // The request ended meanwhile, and has cancelled only the previous check.
                    cancel(scheduled);
                }
            }
        }

        private IOException stalledOr(IOException e) {
            return stalled ? new StalledException(timeout, e) : e;
        }

        private HttpExecuteResponse watched(HttpExecuteResponse response) {
            AbortableInputStream body = response.responseBody().orElseThrow();
            return HttpExecuteResponse.builder()
                    .response(response.httpResponse())
                    .responseBody(AbortableInputStream.create(new WatchedAnswer(body), body))
                    .build();
        }

        private InputStream watched(InputStream body) {
            return new WatchedStream(body);
        }

        private class WatchedStream extends FilterInputStream {

            WatchedStream(InputStream in) {
                super(in);
            }

            @Override
            public int read() throws IOException {
                try {
                    int read = super.read();
                    progress();
                    return read;
                } catch (IOException e) {
                    throw stalledOr(e);
                }
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    int read = super.read(target, offset, length);
                    progress();
                    return read;
                } catch (IOException e) {
                    throw stalledOr(e);
                }
            }
        }

        private final class WatchedAnswer extends WatchedStream {

            WatchedAnswer(InputStream in) {
                super(in);
            }

            @Override
            public void close() throws IOException {
                end();
                super.close();
            }
        }
    }
}
