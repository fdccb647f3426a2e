package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.springframework.mock.web.MockHttpServletRequest;

/** What the fuzzer draws, as the container hands it over: a header is ISO 8859-1, one character for each byte. */
public final class FuzzedHeaders {

    private FuzzedHeaders() {}

    public static String text(byte[] drawn) {
        return new String(drawn, ISO_8859_1);
    }

    /** A request with the header lines that were drawn; a line without a colon is not one. */
    public static MockHttpServletRequest request(byte[] drawn) {
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
}
