package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class TusHeadersTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "' 10 ', 10", "007, 7", "9223372036854775807, 9223372036854775807"})
    void number_isRead(String value, long expected) throws TusProblem {
        assertThat(TusHeaders.length(with("Upload-Length", value))).isEqualTo(expected);
        assertThat(TusHeaders.offset(with("Upload-Offset", value))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "+5",
                "-5",
                "-0",
                "1 0",
                " 1 0",
                "1.0",
                "1,0",
                "1e3",
                "0x10",
                "abc",
                "5;",
                "\u0665",
                "\uff15",
                "1_000",
                "9223372036854775808",
                "99999999999999999999",
                "00000000000000000005"
            })
    void number_thatIsNone_isRefusedByItsHeadersName(String value) {
        TusProblem length = refused(() -> TusHeaders.length(with("Upload-Length", value)));
        assertThat(length.getStatus()).isEqualTo(400);
        assertThat(length.error()).isEqualTo(TusError.INVALID_LENGTH);
        assertThat(length.problem().detail()).startsWith("Upload-Length ");
        TusProblem offset = refused(() -> TusHeaders.offset(with("Upload-Offset", value)));
        assertThat(offset.error()).isEqualTo(TusError.INVALID_OFFSET);
        assertThat(offset.problem().detail()).startsWith("Upload-Offset ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "2", "true", "01", "1 1", "+1"})
    void deferLength_isOneOrAbsent(String value) {
        assertThat(refused(() -> TusHeaders.defersLength(with("Upload-Defer-Length", value)))
                        .error())
                .isEqualTo(TusError.INVALID_DEFER_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Upload-Length", "Upload-Offset", "Upload-Defer-Length", "Upload-Metadata", "Tus-Resumable"})
    void header_sentTwice_isRefused_alsoWithTheSameValue(String name) {
        MockHttpServletRequest request = with(name, "1");
        request.addHeader(name, "1");

        TusProblem problem = refused(() -> TusHeaders.single(request, name));

        assertThat(problem.getStatus()).isEqualTo(400);
        assertThat(problem.error()).isEqualTo(TusError.DUPLICATE_HEADER);
        assertThat(problem.problem().detail()).startsWith(name + " ");
    }

    @Test
    void header_thatIsAbsent_isNull() throws TusProblem {
        assertThat(TusHeaders.length(new MockHttpServletRequest())).isNull();
        assertThat(TusHeaders.single(new MockHttpServletRequest(), "Upload-Metadata"))
                .isNull();
        assertThat(TusHeaders.defersLength(new MockHttpServletRequest())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "application/offset+octet-stream, true",
        "APPLICATION/Offset+Octet-Stream; charset=x, true",
        "application/octet-stream, false",
        "application/offset+octet-streams, false",
        "'', false"
    })
    void contentType_isComparedAsMediaTypesAre(String type, boolean expected) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Content-Type", type);

        assertThat(TusHeaders.hasOffsetContentType(request)).isEqualTo(expected);
    }

    @Test
    void overrides_thatContradict_areNoMethod() {
        MockHttpServletRequest request = with("X-HTTP-Method-Override", "PATCH");
        request.addHeader("X-HTTP-Method-Override", "DELETE");

        assertThat(new TusRequest(request).getMethod()).isNotIn("PATCH", "DELETE", "POST");
    }

    private static MockHttpServletRequest with(String name, String value) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/files");
        request.addHeader(name, value);
        return request;
    }

    private static TusProblem refused(ThrowingCallable call) {
        return catchThrowableOfType(TusProblem.class, call);
    }
}
