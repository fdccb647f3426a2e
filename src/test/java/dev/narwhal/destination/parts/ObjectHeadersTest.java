package dev.narwhal.destination.parts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectHeadersTest {

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "image/svg+xml", "text/plain;charset=utf-8", "a/b; c=\"d e\"; f=g"})
    void contentType_valid_isKept(String type) {
        assertThat(ObjectHeaders.contentType(type)).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "text/", "text/plain\r\nX: y", "text/plain; charset", "tëxt/plain", "a/b c"})
    void contentType_other_isUnknownBytes(String type) {
        assertThat(ObjectHeaders.contentType(type)).isEqualTo("application/octet-stream");
        assertThat(ObjectHeaders.contentType("a/" + "b".repeat(300))).isEqualTo("application/octet-stream");
        assertThat(ObjectHeaders.contentType(null)).isEqualTo("application/octet-stream");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report.pdf|attachment; filename=\"report.pdf\"",
                "a b;c.txt|attachment; filename=\"a b;c.txt\"",
                "ü.txt|attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%BC.txt",
                "../etc/passwd|attachment; filename=\".._etc_passwd\"",
                "100%.txt|attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt",
            })
    void contentDisposition_isAnAttachmentUnderItsName(String filename, String expected) {
        assertThat(ObjectHeaders.contentDisposition(filename)).isEqualTo(expected);
    }

    @Test
    void contentDisposition_hostile_cannotEndTheHeader() {
        assertThat(ObjectHeaders.contentDisposition("a\"\r\nX-Evil: 1\\"))
                .isEqualTo("attachment; filename=\"a___X-Evil: 1_\"; filename*=UTF-8''a%22__X-Evil%3A%201_");
        assertThat(ObjectHeaders.contentDisposition(null)).isNull();
        assertThat(ObjectHeaders.contentDisposition(" ")).isNull();
    }

    @Test
    void contentDisposition_ofALongName_isBounded() {
        assertThat(ObjectHeaders.contentDisposition("\u65E5".repeat(6000) + ".txt"))
                .hasSizeLessThan(1100)
                .endsWith("%E6%97%A5.txt");
    }
}
