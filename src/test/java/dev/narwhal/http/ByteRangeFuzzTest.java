package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.testkit.FuzzedHeaders;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.springframework.mock.web.MockHttpServletRequest;

/** Range, If-Range and the conditional headers of a GET. */
class ByteRangeFuzzTest {

    private static final Instant MODIFIED = Instant.parse("2026-03-01T10:00:00Z");
    private static final String ETAG = "\"0123456789abcdef0123456789abcdef\"";
    private static final int LONGEST_NUMBER = 19;

    /** The first line is the length of the file, the others are headers. */
    @FuzzTest
    void ranges(byte[] drawn) {
        MockHttpServletRequest request = FuzzedHeaders.request(drawn);
        long length = length(FuzzedHeaders.text(drawn).split("\n", 2)[0]);
        assertThat(Precondition.of(request, ETAG, MODIFIED)).isNotNull();
        try {
            List<ByteRange> ranges = ByteRange.requested(request, ETAG, MODIFIED, length);
            assertThat(ranges.size()).isLessThanOrEqualTo(64);
            assertThat(ranges)
                    .allMatch(range -> range.first() >= 0 && range.first() <= range.last() && range.last() < length);
            BigInteger sum = ranges.stream()
                    .map(range -> BigInteger.valueOf(range.length()))
                    .reduce(BigInteger.ZERO, BigInteger::add);
            assertThat(sum).isLessThanOrEqualTo(BigInteger.valueOf(length));
        } catch (HttpProblem e) {
            assertThat(e.problem().error()).isEqualTo(HttpError.RANGE_NOT_SATISFIABLE);
            assertThat(e.problem().headers()).containsEntry("Content-Range", "bytes */" + length);
        }
    }

    private static long length(String line) {
        String digits = line.replaceAll("[^0-9]", "");
        return digits.isEmpty() || digits.length() >= LONGEST_NUMBER ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
