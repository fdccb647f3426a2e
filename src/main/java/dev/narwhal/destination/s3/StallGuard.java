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
 * Ends requests that stand still: nothing of the body is taken, the answer does not begin, or stops in its middle. A limit
 * on the whole of a request would be wrong for one of the two: a part of 5 GiB on a slow line, or a store that is silent.
 */
final class StallGuard implements SdkHttpClient {

    /** A request stood still, and was ended. The store may have done what it was asked. */
    static final class StalledException extends IOException {
        StalledException(Duration patience, Throwable cause) {
            super("The store was silent for " + patience.toMillis() + " ms", cause);
        }
    }

    /** Makes guarded clients of another builder's. */
    static final class Builder implements SdkHttpClient.Builder<Builder> {

        private final SdkHttpClient.Builder<?> http;
        private final Function<SdkHttpRequest, Duration> patience;

        /** @param patience how long a request may stand still */
        Builder(SdkHttpClient.Builder<?> http, Function<SdkHttpRequest, Duration> patience) {
            this.http = http;
            this.patience = patience;
        }

        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new StallGuard(http.buildWithDefaults(defaults), patience, newTimer());
        }
    }

    private final SdkHttpClient http;
    private final Function<SdkHttpRequest, Duration> patience;
    private final ScheduledThreadPoolExecutor timer;

    StallGuard(SdkHttpClient http, Function<SdkHttpRequest, Duration> patience, ScheduledThreadPoolExecutor timer) {
        this.http = http;
        this.patience = patience;
        this.timer = timer;
    }

    /** A request that has ended leaves nothing in it: an entry holds the request and its body for the whole patience. */
    static ScheduledThreadPoolExecutor newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("s3-stalls").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        Watch watch = new Watch(patience.apply(request.httpRequest()));
        HttpExecuteRequest.Builder watched = HttpExecuteRequest.builder().request(request.httpRequest());
        request.contentStreamProvider()
                .ifPresent(body -> watched.contentStreamProvider(() -> watch.over(body.newStream())));
        request.metricCollector().ifPresent(watched::metricCollector);
        ExecutableHttpRequest call = http.prepareRequest(watched.build());
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return watch.call(call);
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

    /** One request, from its beginning to the end of its answer. */
    private final class Watch {

        private final Duration patience;
        private volatile long lastProgress;
        private volatile boolean ended;
        private volatile boolean stalled;
        private volatile @Nullable Future<?> next;

        Watch(Duration patience) {
            this.patience = patience;
        }

        HttpExecuteResponse call(ExecutableHttpRequest request) throws IOException {
            progress();
            check(request);
            boolean answered = false;
            try {
                HttpExecuteResponse response = request.call();
                progress();
                answered = response.responseBody().isPresent();
                return answered ? over(response) : response;
            } catch (IOException e) {
                throw explained(e);
            } finally {
                if (!answered) {
                    end();
                }
            }
        }

        private void end() {
            ended = true;
            cancel(next);
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
            long left = patience.toNanos() - (System.nanoTime() - lastProgress);
            if (left <= 0) {
                stalled = true;
                request.abort();
            } else {
                Future<?> scheduled = timer.schedule(() -> check(request), left, TimeUnit.NANOSECONDS);
                next = scheduled;
                if (ended) {
                    // It ended in between, and has cancelled the check before this one.
                    cancel(scheduled);
                }
            }
        }

        private IOException explained(IOException e) {
            return stalled ? new StalledException(patience, e) : e;
        }

        private HttpExecuteResponse over(HttpExecuteResponse response) {
            AbortableInputStream body = response.responseBody().orElseThrow();
            return HttpExecuteResponse.builder()
                    .response(response.httpResponse())
                    .responseBody(AbortableInputStream.create(new WatchedAnswer(body), body))
                    .build();
        }

        private InputStream over(InputStream body) {
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
                    throw explained(e);
                }
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    int read = super.read(target, offset, length);
                    progress();
                    return read;
                } catch (IOException e) {
                    throw explained(e);
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
