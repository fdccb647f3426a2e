package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswerTest {

    @Test
    void detailIn_problem_isItsSentence() {
        assertThat(Answer.detailIn(
                        "{\"status\":413,\"detail\": \"At most \\\"5\\\" MiB\\nplease \\u00e4\\/\",\"x\":1}"))
                .contains("At most \"5\" MiB please ä/");
    }

    @Test
    void detailIn_otherBodies_isEmpty() {
        assertThat(Answer.detailIn("")).isEmpty();
        assertThat(Answer.detailIn("<html>detail</html>")).isEmpty();
        assertThat(Answer.detailIn("{\"detail\":\"\"}")).isEmpty();
        assertThat(Answer.detailIn("{\"detail\":\"cut off")).isEmpty();
    }

    @Test
    void detailIn_longSentence_isCut() {
        assertThat(Answer.detailIn("{\"detail\":\"" + "x".repeat(1000) + "\"}"))
                .hasValueSatisfying(text -> assertThat(text).hasSize(300));
    }
}
