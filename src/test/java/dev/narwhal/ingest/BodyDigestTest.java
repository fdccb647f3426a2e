package dev.narwhal.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BodyDigestTest {

    private static final byte[] DIGITS = "123456789".getBytes(US_ASCII);

    /** Published check values of each algorithm, or computed with coreutils, for the text 123456789. */
    @ParameterizedTest
    @CsvSource({
        "sha1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "sha256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
        "sha384, eb455d56d2c1a69de64e832011f3393d45f3fa31d6842f21af92d2fe469c499da5e3179847334a18479c8d1dedea1be3",
        "sha512, d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274a"
                + "d27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
        "md5, 25f9e794323b453885f5181f1b624d0b",
        "crc32, cbf43926",
        "crc32c, e3069283",
    })
    void value_ofTheCheckText_isThePublishedOne(String name, String expected) {
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.named(name).orElseThrow();
        BodyDigest digest = algorithm.newDigest();
        digest.update(ByteBuffer.wrap(DIGITS, 0, 4));
        digest.update(ByteBuffer.allocateDirect(5).put(DIGITS, 4, 5).flip());
        assertThat(HexFormat.of().formatHex(digest.value())).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void value_hasTheAlgorithmsLength(ChecksumAlgorithm algorithm) {
        byte[] digest = algorithm.newDigest().value();
        assertThat(digest).hasSize(algorithm.digestLength());
        assertThat(new BodyChecksum(algorithm, digest).matches(digest)).isTrue();
        digest[digest.length - 1]++;
        assertThat(new BodyChecksum(algorithm, algorithm.newDigest().value()).matches(digest))
                .isFalse();
    }

    @Test
    void checksum_ofAnotherLength_isRefused() {
        assertThatThrownBy(() -> new BodyChecksum(ChecksumAlgorithm.MD5, new byte[20]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("20");
    }

    @Test
    void equals_sameDigestOfAnotherAlgorithm_isAnother() {
        byte[] digest = new byte[4];
        assertThat(new BodyChecksum(ChecksumAlgorithm.CRC32, digest))
                .isNotEqualTo(new BodyChecksum(ChecksumAlgorithm.CRC32C, digest))
                .isEqualTo(new BodyChecksum(ChecksumAlgorithm.CRC32, new byte[4]));
    }
}
