package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.s3.S3Properties.BodySigning;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class S3SigningTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:9000",
                "http://LocalHost",
                "http://127.0.0.1:9000",
                "http://127.1.2.3",
                "http://[::1]:9000",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[::ffff:127.0.0.1]:9000"
            })
    void of_storeOnThisHost_isNothing(String endpoint) {
        assertThat(S3Signing.of(at(endpoint).bind())).isEqualTo(BodySigning.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://minio:9000",
                "http://10.0.0.7:9000",
                "http://192.168.127.1",
                "http://128.0.0.1",
                "http://127.0.0.1.example.org",
                "http://localhost.example.org",
                "http://mylocalhost:9000",
                "http://0.0.0.0:9000",
                "http://[::2]:9000",
                "http://[fe80::1]:9000"
            })
    void of_anyOtherStore_isAllOfIt(String endpoint) {
        assertThat(S3Signing.of(at(endpoint).bind())).isEqualTo(BodySigning.WHOLE);
    }

    @Test
    void of_noEndpoint_isAllOfIt() {
        assertThat(S3Signing.of(at("http://localhost").without("endpoint").bind()))
                .isEqualTo(BodySigning.WHOLE);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "AUTO")
    void of_setting_isThat(BodySigning set) {
        assertThat(S3Signing.of(
                        at("http://localhost").with("body-signing", set.name()).bind()))
                .isEqualTo(set);
        assertThat(S3Signing.of(
                        at("http://minio").with("body-signing", set.name()).bind()))
                .isEqualTo(set);
    }

    private static S3Settings at(String endpoint) {
        return S3Settings.of("bucket", URI.create(endpoint));
    }
}
