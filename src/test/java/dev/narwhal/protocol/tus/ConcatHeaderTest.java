package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narwhal.upload.UploadKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConcatHeaderTest {

    @Test
    void parse_absent_isAnUploadOfItsOwn() throws TusProblem {
        assertThat(ConcatHeader.parse(null).kind()).isEqualTo(UploadKind.WHOLE);
        assertThat(ConcatHeader.parse(null).value()).isNull();
    }

    @Test
    void parse_partial_isAPartial() throws TusProblem {
        assertThat(ConcatHeader.parse("partial").kind()).isEqualTo(UploadKind.PARTIAL);
        assertThat(ConcatHeader.parse("partial").isFinal()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"final;/a http://b/c", "final; /a http://b/c", "final;/a   http://b/c "})
    void parse_final_keepsTheOrderAndTheHeader(String value) throws TusProblem {
        ConcatHeader header = ConcatHeader.parse(value);

        assertThat(header.isFinal()).isTrue();
        assertThat(header.urls()).containsExactly("/a", "http://b/c");
        assertThat(header.value()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "final, needs a semicolon",
        "final;, names no partial",
        "'final;  ', names no partial",
        "'final;a\tb', no URL has",
        "final;\u00e9, no URL has",
        "finalfoo;, must be partial",
        "bogus, must be partial",
        "PARTIAL, must be partial",
        "'', must be partial",
        "partial;, must be partial",
    })
    void parse_malformed_saysWhatIsWrong(String value, String sentence) {
        TusProblem problem = catchThrowableOfType(TusProblem.class, () -> ConcatHeader.parse(value));

        assertThat(problem.error()).isEqualTo(TusError.INVALID_CONCAT);
        assertThat(problem.getStatus()).isEqualTo(400);
        assertThat(problem.problem().detail()).contains(sentence);
    }
}
