package dev.narwhal.destination.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.PartPlan;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureBlockIdTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(ints = {1, 9_999, PartPlan.MAX_PARTS})
    void encoded_hasOneLengthAndFitsAzure(int number) {
        byte[] md5 = new byte[16];
        md5[0] = (byte) number;

        String encoded = AzureBlockId.of(ID, number, md5).encoded();

        assertThat(Base64.getDecoder().decode(encoded)).hasSize(61).hasSizeLessThanOrEqualTo(64);
        assertThat(AzureBlockId.parse(encoded)).hasValueSatisfying(id -> {
            assertThat(id.uploadId()).isEqualTo(ID);
            assertThat(id.number()).isEqualTo(number);
            assertThat(id.digest()).isEqualTo(md5);
        });
    }

    @Test
    void encoded_isTheSameInEachAttemptAndAnotherForOtherBytes() {
        assertThat(AzureBlockId.of(ID, 1, new byte[16]).encoded())
                .isEqualTo(AzureBlockId.of(ID, 1, new byte[16]).encoded())
                .isNotEqualTo(AzureBlockId.of(ID, 1, "another md5 sum.".getBytes(StandardCharsets.US_ASCII))
                        .encoded())
                .isNotEqualTo(AzureBlockId.of("f".repeat(32), 1, new byte[16]).encoded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not base64!", "MDAwMDAwMDE="})
    void parse_anothers_isEmpty(String encoded) {
        assertThat(AzureBlockId.parse(encoded)).isEmpty();
    }

    @Test
    void of_whatCannotBeNamed_isRefused() {
        assertThatThrownBy(() -> AzureBlockId.of("short", 1, new byte[16]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("short");
    }
}
