package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

/** Requests that must be answered, whatever is broken behind the server. */
final class Timed {

    /** Above what a statement, the pool and a busy machine take together; far below what clients and proxies wait. */
    static final Duration BOUND = Duration.ofSeconds(20);

    /** Sends a request. */
    @FunctionalInterface
    interface Request {
        HttpResponse<String> send() throws Exception;
    }

    private Timed() {}

    static HttpResponse<String> of(Request request) throws Exception {
        Instant asked = Instant.now();
        HttpResponse<String> answer = request.send();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(BOUND);
        return answer;
    }
}
