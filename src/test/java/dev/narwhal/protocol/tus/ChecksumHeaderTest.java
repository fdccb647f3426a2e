package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.narwhal.ingest.BodyChecksum;
import dev.narwhal.ingest.ChecksumAlgorithm;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumHeaderTest {

    private static final String SHA1_OF_NOTHING = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";

    @ParameterizedTest
    @EnumSource
    void parse_eachAlgorithm_readsItsDigest(ChecksumAlgorithm algorithm) throws TusProblem {
        byte[] digest = new byte[algorithm.digestLength()];
        digest[0] = -1;
        String encoded = Base64.getEncoder().encodeToString(digest);
        assertThat(ChecksumHeader.parse(algorithm.wireName() + " " + encoded))
                .isEqualTo(new BodyChecksum(algorithm, digest));
    }

    @Test
    void parse_paddingLeftOut_isTheSameDigest() throws TusProblem {
        assertThat(ChecksumHeader.parse("sha1 " + SHA1_OF_NOTHING.replace("=", "")))
                .isEqualTo(ChecksumHeader.parse("sha1 " + SHA1_OF_NOTHING));
    }

    @Test
    void algorithms_areLowerCaseAndBeginWithTheRequiredOne() {
        assertThat(ChecksumHeader.algorithms()).isEqualTo("sha1,sha256,sha384,sha512,md5,crc32,crc32c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA1", "Sha1", "sha-1", "sha3", "sha", "sha11", "ſha1", "\"sha1\"", "sha1,", "\tsha1", ""})
    void parse_otherAlgorithm_isRefused(String name) {
        assertRefused(name + " " + SHA1_OF_NOTHING, TusError.UNKNOWN_CHECKSUM_ALGORITHM, "not one of sha1,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "''                                  | is empty",
                "sha1                                | no blank",
                "2jmj7l5rSw0yVb/vlWAYkK/YBwk=        | no blank",
                "'sha1 '                             | 0 bytes",
                "'sha1  2jmj7l5rSw0yVb/vlWAYkK/YBwk='| more than one blank",
                "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk= x | more than one blank",
                "sha1 ***                            | not Base64",
                "sha1 2jmj7l5rSw0yVb_vlWAYkK_YBwk=   | not Base64",
                "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk==  | not Base64",
                "'sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=,sha1'| not Base64",
                "sha1 2jmj7l5rSw0yVb/vlWAYkK/Y       | 18 bytes",
                "md5 2jmj7l5rSw0yVb/vlWAYkK/YBwk=    | 20 bytes, where md5 has 16",
            })
    void parse_malformed_isRefusedWithTheReason(String value, String reason) {
        assertRefused(value, TusError.INVALID_CHECKSUM, reason);
    }

    private static void assertRefused(String value, TusError error, String reason) {
        assertThatThrownBy(() -> ChecksumHeader.parse(value))
                .asInstanceOf(type(TusProblem.class))
                .satisfies(problem -> {
                    assertThat(problem.error()).isEqualTo(error);
                    assertThat(problem.getStatus()).isEqualTo(400);
                    assertThat(problem.problem().detail()).contains(reason);
                });
    }
}
