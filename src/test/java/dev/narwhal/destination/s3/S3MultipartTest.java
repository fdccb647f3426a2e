package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.s3.S3Multipart.Checksums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3MultipartTest {

    @ParameterizedTest
    @EnumSource
    void parse_itsOwnHandle_givesItBack(Checksums checksums) {
        S3Multipart multipart = new S3Multipart("2~a:b/c==", checksums);

        assertThat(S3Multipart.parse(multipart.encoded())).contains(multipart);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "inode:42", "unknown:x", "COMPOSITE"})
    void parse_anotherDestinationsHandle_isNone(String handle) {
        assertThat(S3Multipart.parse(handle)).isEmpty();
    }
}
