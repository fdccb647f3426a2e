package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    @ParameterizedTest
    @CsvSource({"'',abc,3", "abc,'',3", "abc,abc,0", "kitten,sitting,3", "narwhal,narwal,1", "ab,ba,2"})
    void distance_countsSingleLetters(String one, String other, int expected) {
        assertThat(Spelling.distance(one, other)).isEqualTo(expected);
        assertThat(Spelling.distance(other, one)).isEqualTo(expected);
    }

    @Test
    void slip_isCloseOnly() {
        assertThat(Spelling.isLikelyTypo("narwhal.upload.max-sise", "narwhal.upload.max-size"))
                .isTrue();
        assertThat(Spelling.isLikelyTypo("narwhal.colour", "narwhal.upload.max-size"))
                .isFalse();
    }
}
