package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.ingest.BodyChecksum;
import dev.narwhal.testkit.FuzzedHeaders;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;

class ChecksumHeaderFuzzTest {

    /** Header lines, an empty line, trailer lines. */
    @FuzzTest
    void checksum(byte[] drawn) throws IOException {
        String[] parts = FuzzedHeaders.text(drawn).split("\n\n", 2);
        Request request = new Request(parts.length == 2 ? parts[1] : "");
        for (String line : parts[0].split("\n")) {
            request.addHeader(line.startsWith("Trailer:") ? "Trailer" : "Upload-Checksum", value(line));
        }
        try {
            RequestChecksum checksum = RequestChecksum.of(request);
            checkKnown(checksum.known());
            checkKnown(checksum.atEnd());
            assertThat(checksum.isRequired()).isEqualTo(checksum.atEnd() != null);
        } catch (TusProblem e) {
            assertRefusal(e);
        } catch (RefusedTrailerException e) {
            assertRefusal(e.problem());
        }
    }

    private static void assertRefusal(TusProblem problem) {
        Refusals.assertRefusal(
                problem,
                TusError.INVALID_CHECKSUM,
                TusError.UNKNOWN_CHECKSUM_ALGORITHM,
                TusError.DUPLICATE_HEADER,
                TusError.CHECKSUMS_DIFFER,
                TusError.CHECKSUM_TRAILER_MISSING,
                TusError.CHECKSUM_TRAILER_NOT_ANNOUNCED);
    }

    /** What was read, written again, is the same. */
    private static void checkKnown(@Nullable BodyChecksum checksum) {
        if (checksum == null) {
            return;
        }
        String[] words = checksum.toString().split(" ");
        String digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(words[1]));
        try {
            assertThat(ChecksumHeader.parse(words[0] + " " + digest)).isEqualTo(checksum);
        } catch (TusProblem e) {
            throw new AssertionError("Cannot be read again: " + checksum, e);
        }
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1);
    }

    private static final class Request extends MockHttpServletRequest {

        private final Map<String, String> trailers = new HashMap<>();

        Request(String lines) {
            super("PATCH", "/files/0");
            for (String line : lines.split("\n")) {
                if (line.indexOf(':') > 0) {
                    trailers.put(line.substring(0, line.indexOf(':')), value(line));
                }
            }
        }

        @Override
        public Map<String, String> getTrailerFields() {
            return trailers;
        }
    }
}
