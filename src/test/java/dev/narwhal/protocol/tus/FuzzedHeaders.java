package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.springframework.mock.web.MockHttpServletRequest;

/** What the fuzzer draws, as the container hands it over: a header is ISO 8859-1, one character for each byte. */
final class FuzzedHeaders {

    /** No part of a sentence may grow with what was sent. */
    private static final int LONGEST_SENTENCE = 200;

    private FuzzedHeaders() {}

    static String text(byte[] drawn) {
        return new String(drawn, ISO_8859_1);
    }

    /** A request with the header lines that were drawn; a line without a colon is not one. */
    static MockHttpServletRequest request(byte[] drawn) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/files");
        for (String line : text(drawn).split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                request.addHeader(
                        line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return request;
    }

    /** A refusal is one of these, the client's fault, and says so in plain characters. */
    static void assertRefusal(TusProblem problem, TusError... expected) {
        assertThat(Arrays.asList(expected)).contains(problem.error());
        assertThat(problem.getStatus()).isBetween(400, 499);
        assertThat(problem.detail()).matches("[ -~]{1," + LONGEST_SENTENCE + "}");
    }
}
