package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataHeaderTest {

    @Test
    void parse_pairs_inTheirOrder() throws Exception {
        MetadataHeader header = MetadataHeader.parse("filename d29ybGQ=,is_confidential,empty ,type dGV4dC9wbGFpbg==");
        assertThat(header.pairs())
                .containsExactly(
                        Map.entry("filename", "world"),
                        Map.entry("is_confidential", ""),
                        Map.entry("empty", ""),
                        Map.entry("type", "text/plain"));
        assertThat(header.filename()).contains("world");
        assertThat(header.contentType()).contains("text/plain");
    }

    @Test
    void parse_blanksAroundCommas_tolerated() throws Exception {
        assertThat(MetadataHeader.parse("a Yg==, b Yw==").pairs()).hasSize(2);
    }

    @Test
    void parse_blank_isNoMetadata() throws Exception {
        assertThat(MetadataHeader.parse(" ").pairs()).isEmpty();
    }

    @Test
    void filename_withoutValue_isNone() throws Exception {
        assertThat(MetadataHeader.parse("filename").filename()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"filename Yg==", "name Yg==", "fileName Yg==", "fileName Yw==,filename Yg=="})
    void filename_byTheKeysOfClients(String header) throws Exception {
        assertThat(MetadataHeader.parse(header).filename()).contains("b");
    }

    @Test
    void parse_withoutPadding_accepted() throws Exception {
        assertThat(MetadataHeader.parse("a Yg").pairs()).containsEntry("a", "b");
    }

    @Test
    void parse_sha256_ofEitherCase_accepted() throws Exception {
        String digits = "0123456789abcdefABCDEF0123456789".repeat(2);
        assertThat(MetadataHeader.parse("sha256 " + base64(digits)).pairs()).containsEntry("sha256", digits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "sha256"})
    void parse_sha256ThatIsNone_saysSo(String value) {
        assertThatThrownBy(() -> MetadataHeader.parse("filename Yg==,sha256 " + base64(value)))
                .isInstanceOfSatisfying(
                        TusProblem.class, problem -> assertThat(problem.error()).isEqualTo(TusError.INVALID_METADATA))
                .hasMessageContaining("64 hexadecimal digits");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=,", ",a Yg==", "a Yg==,", "a b c", "a Yg==,a Yw==", "a ***", "a Yg= =", "\u0001 Yg=="})
    void parse_malformed_saysWhat(String header) {
        assertThatThrownBy(() -> MetadataHeader.parse(header))
                .isInstanceOfSatisfying(
                        TusProblem.class, problem -> assertThat(problem.error()).isEqualTo(TusError.INVALID_METADATA))
                .hasMessageStartingWith("Upload-Metadata has");
    }

    @Test
    void parse_hostileKey_isNotEchoedRaw() {
        assertThatThrownBy(() -> MetadataHeader.parse("k\"\\é ***")).hasMessageContaining("'k???'");
    }
}
