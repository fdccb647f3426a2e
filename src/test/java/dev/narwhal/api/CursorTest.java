package dev.narwhal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Test
    void cursor_givenBack_hasItsKeys() {
        Instant time = Instant.parse("2026-12-01T03:00:00.123456Z");
        String text = Cursor.of("newest", time, 42L, "ünïcode").text();

        Cursor read = Cursor.parse(text, "newest", 3);

        assertThat(text).matches("[A-Za-z0-9_-]+");
        assertThat(read.time(0)).isEqualTo(time);
        assertThat(read.number(1)).isEqualTo(42);
        assertThat(read.word(2)).isEqualTo("ünïcode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "a", "====", "bmV3ZXN0", "\0", "AAAA"})
    void cursor_broken_isRefused(String text) {
        assertThatThrownBy(() -> Cursor.parse(text, "newest", 2)).isInstanceOf(ApiProblem.class);
    }

    @Test
    void cursor_ofAnotherList_isRefused() {
        String text = Cursor.of("oldest", 1, 2).text();

        assertThatThrownBy(() -> Cursor.parse(text, "newest", 2)).isInstanceOf(ApiProblem.class);
    }

    @Test
    void cursor_tooLong_isRefused() {
        String text = Cursor.of("newest", "x".repeat(1_000)).text();

        assertThatThrownBy(() -> Cursor.parse(text, "newest", 1)).isInstanceOf(ApiProblem.class);
    }

    @Test
    void cursor_withKeysOfAnotherType_isRefused() {
        byte[] forged = "newest\nnow\none".getBytes(StandardCharsets.UTF_8);
        Cursor cursor = Cursor.parse(Base64.getUrlEncoder().encodeToString(forged), "newest", 2);

        assertThatThrownBy(() -> cursor.time(0)).isInstanceOf(ApiProblem.class);
        assertThatThrownBy(() -> cursor.number(1)).isInstanceOf(ApiProblem.class);
    }
}
