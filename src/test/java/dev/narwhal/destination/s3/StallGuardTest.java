package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

class StallGuardTest {

    private static final int REQUESTS = 100;

    private final ScheduledThreadPoolExecutor timer = StallGuard.newTimer();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void request_leavesNothingInTheTimer_onceItsAnswerIsClosed() throws IOException {
        StallGuard guard = guarding(new Store("answer"));
        for (int i = 0; i < REQUESTS; i++) {
            try (AbortableInputStream answer = send(guard).responseBody().orElseThrow()) {
                assertThat(timer.getQueue()).hasSize(1);
                assertThat(answer.readAllBytes()).hasSize("answer".length());
            }
        }
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void request_leavesNothingInTheTimer_whenItsAnswerHasNoBodyOrDoesNotCome() throws IOException {
        StallGuard silent = guarding(new Store(null));
        StallGuard failing = guarding(new Store("fail"));
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(send(silent).responseBody()).isEmpty();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> send(failing));
        }
        assertThat(timer.getQueue()).isEmpty();
    }

    private StallGuard guarding(SdkHttpClient store) {
        return new StallGuard(store, request -> Duration.ofMinutes(10), timer);
    }

    private static HttpExecuteResponse send(StallGuard guard) throws IOException {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(URI.create("http://store/"))
                .build();
        return guard.prepareRequest(
                        HttpExecuteRequest.builder().request(request).build())
                .call();
    }

    /** @param body of the answer; null for none, "fail" for none that comes */
    private record Store(@Nullable String body) implements SdkHttpClient {

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    return answer();
                }

                @Override
                public void abort() {
                    // Nothing is under way.
                }
            };
        }

        private HttpExecuteResponse answer() throws IOException {
            HttpExecuteResponse.Builder answer = HttpExecuteResponse.builder()
                    .response(SdkHttpResponse.builder().statusCode(200).build());
            if (body == null) {
                return answer.build();
            }
            if (body.equals("fail")) {
                throw new IOException(body);
            }
            return answer.responseBody(AbortableInputStream.create(new ByteArrayInputStream(body.getBytes())))
                    .build();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
