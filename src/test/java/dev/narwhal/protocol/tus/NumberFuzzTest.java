package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.testkit.FuzzedHeaders;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;

/** Upload-Offset, Upload-Length and Upload-Defer-Length against a second opinion. */
class NumberFuzzTest {

    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    /** Each line is one header of the name. */
    @FuzzTest
    void number(byte[] drawn) {
        List<String> values = List.of(FuzzedHeaders.text(drawn).split("\n", -1));
        MockHttpServletRequest request = new MockHttpServletRequest();
        for (String value : values) {
            request.addHeader("Upload-Offset", value);
            request.addHeader("Upload-Length", value);
            request.addHeader("Upload-Defer-Length", value);
        }
        BigInteger expected = values.size() == 1 ? number(values.getFirst().strip()) : null;
        assertRead(expected, () -> TusHeaders.offset(request), TusError.INVALID_OFFSET);
        assertRead(expected, () -> TusHeaders.length(request), TusError.INVALID_LENGTH);
        boolean one = values.size() == 1 && values.getFirst().strip().equals("1");
        assertRead(
                one ? BigInteger.ONE : null,
                () -> TusHeaders.defersLength(request) ? 1L : 0L,
                TusError.INVALID_DEFER_LENGTH);
    }

    private static @Nullable BigInteger number(String value) {
        boolean digits =
                !value.isEmpty() && value.length() < 20 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        BigInteger number = digits ? new BigInteger(value) : null;
        return number == null || number.compareTo(LARGEST) > 0 ? null : number;
    }

    private interface Reading {
        @Nullable
        Long read() throws TusProblem;
    }

    /** @param expected null for a refusal */
    private static void assertRead(@Nullable BigInteger expected, Reading reading, TusError refusal) {
        try {
            Long read = reading.read();
            assertThat(read == null ? null : BigInteger.valueOf(read)).isEqualTo(expected);
        } catch (TusProblem e) {
            assertThat(expected).isNull();
            Refusals.assertRefusal(e, refusal, TusError.DUPLICATE_HEADER);
        }
    }
}
