package dev.narwhal.destination.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.s3.S3Properties;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DestinationPropertiesTest {

    private static DestinationProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("narwhal.destination", DestinationProperties.class);
    }

    @Test
    void bind_nothing_isADirectory() {
        DestinationProperties properties = bind(Map.of());

        assertThat(properties.type()).isEqualTo(DestinationProperties.Type.DIRECTORY);
        assertThat(properties.metadataKeys()).isEmpty();
        assertThat(properties.s3().endpoint()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "key-template, ' ', key-template",
        "metadata-keys, a b, a b",
        "metadata-keys, 'a,A', A",
        "metadata-keys, narwhal-upload-id, narwhal-upload-id",
        "type, s3, s3.bucket",
        "s3.endpoint, localhost:9000, localhost:9000",
        "s3.endpoint, ftp://host, ftp://host",
        "s3.access-key, key, secret-key",
        "s3.secret-key, do-not-show, access-key",
        "directory.reserve, -1B, -1B",
        "s3.part-size, 4MB, 4194304B",
        "s3.part-size, 6GB, 6442450944B",
        "s3.request-timeout, 1ms, PT0.001S",
        "s3.complete-timeout, 2d, PT48H",
        "s3.storage-class, glacier ir, glacier ir",
        "s3.kms-key-id, my-key, my-key",
        "s3.bucket-key, true, bucket-key",
        "s3.tags[aws:x], y, aws:x",
    })
    void bind_wrongValue_saysWhichAndWhatIsAllowed(String setting, String value, String inMessage) {
        assertThatThrownBy(() -> bind(Map.of("narwhal.destination." + setting, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narwhal.destination.")
                .hasMessageContaining(inMessage)
                .hasMessageContaining("allowed")
                .hasMessageNotContaining("do-not-show");
    }

    @Test
    void toString_keepsTheSecret() {
        DestinationProperties properties =
                bind(Map.of("narwhal.destination.s3.access-key", "key", "narwhal.destination.s3.secret-key", "hush"));

        assertThat(properties.toString()).doesNotContain("hush");
    }

    @Test
    void bind_valuesAsS3WritesThem_areUnderstood() {
        S3Properties s3 = bind(Map.of(
                        "narwhal.destination.s3.encryption", "aws:kms:dsse",
                        "narwhal.destination.s3.kms-key-id", "my-key",
                        "narwhal.destination.s3.acl", "bucket-owner-full-control",
                        "narwhal.destination.s3.conditional-writes", "off",
                        "narwhal.destination.s3.tags.project", "whales"))
                .s3();

        assertThat(s3.encryption()).isEqualTo(S3Properties.Encryption.AWS_KMS_DSSE);
        assertThat(s3.acl()).isEqualTo(S3Properties.Acl.BUCKET_OWNER_FULL_CONTROL);
        assertThat(s3.conditionalWrites()).isEqualTo(S3Properties.ConditionalWrites.OFF);
        assertThat(s3.tags()).containsExactly(Map.entry("project", "whales"));
    }
}
