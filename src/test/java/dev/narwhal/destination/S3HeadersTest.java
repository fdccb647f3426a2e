package dev.narwhal.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3HeadersTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "image/svg+xml", "text/plain;charset=utf-8", "a/b; c=\"d e\"; f=g"})
    void contentType_valid_isKept(String type) {
        assertThat(S3Headers.contentType(type)).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "text/", "text/plain\r\nX: y", "text/plain; charset", "tëxt/plain", "a/b c"})
    void contentType_other_isUnknownBytes(String type) {
        assertThat(S3Headers.contentType(type)).isEqualTo("application/octet-stream");
        assertThat(S3Headers.contentType("a/" + "b".repeat(300))).isEqualTo("application/octet-stream");
        assertThat(S3Headers.contentType(null)).isEqualTo("application/octet-stream");
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
        assertThat(S3Headers.contentDisposition(filename)).isEqualTo(expected);
    }

    @Test
    void contentDisposition_hostile_cannotEndTheHeader() {
        assertThat(S3Headers.contentDisposition("a\"\r\nX-Evil: 1\\"))
                .isEqualTo("attachment; filename=\"a___X-Evil: 1_\"; filename*=UTF-8''a%22__X-Evil%3A%201_");
        assertThat(S3Headers.contentDisposition(null)).isNull();
        assertThat(S3Headers.contentDisposition(" ")).isNull();
    }

    @Test
    void contentDisposition_ofALongName_isBounded() {
        assertThat(S3Headers.contentDisposition("\u65E5".repeat(6000) + ".txt"))
                .hasSizeLessThan(1100)
                .endsWith("%E6%97%A5.txt");
    }

    @Test
    void metadata_isAsciiAndBounded() {
        Map<String, String> chosen = new LinkedHashMap<>();
        chosen.put("City", "Zürich");
        chosen.put("plain", "two words");
        chosen.put("spaces", " at the ends ");
        chosen.put("prefix", "UTF-8''x");
        chosen.put("long", "x".repeat(3000));
        chosen.put("break", "a\r\nb");

        Map<String, String> metadata = S3Headers.metadata(job(chosen));

        assertThat(metadata)
                .containsEntry("narwhal-upload-id", ID)
                .containsEntry("city", "UTF-8''Z%C3%BCrich")
                .containsEntry("plain", "two words")
                .containsEntry("spaces", "UTF-8''%20at%20the%20ends%20")
                .containsEntry("prefix", "UTF-8''UTF-8%27%27x")
                .containsEntry("break", "UTF-8''a%0D%0Ab")
                .doesNotContainKey("long");
        int size = metadata.entrySet().stream()
                .mapToInt(e -> e.getKey().length() + e.getValue().length())
                .sum();
        assertThat(size).isLessThanOrEqualTo(2048);
    }

    @Test
    void metadata_ofTheClient_cannotClaimAnotherUpload() {
        Map<String, String> metadata = S3Headers.metadata(job(Map.of("Narwhal-Upload-Id", "f".repeat(32))));

        assertThat(metadata).isEqualTo(Map.of("narwhal-upload-id", ID));
    }

    private static DeliveryJob job(Map<String, String> metadata) {
        DeliveryJob job = new DeliveryJob(ID, "key", PartPlan.of(1), null, null, Map.of(), OnConflict.FAIL, 1);
        return new DeliveryJob(
                job.uploadId(), job.key(), job.plan(), null, null, metadata, job.onConflict(), job.attempt());
    }
}
