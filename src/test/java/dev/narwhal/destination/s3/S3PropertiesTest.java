package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.s3.S3Properties.Acl;
import dev.narwhal.destination.s3.S3Properties.Encryption;
import org.junit.jupiter.api.Test;

class S3PropertiesTest {

    @Test
    void wireName_isAsS3WritesIt() {
        assertThat(Encryption.AES256.wireName()).isEqualTo("AES256");
        assertThat(Encryption.AWS_KMS_DSSE.wireName()).isEqualTo("aws:kms:dsse");
        assertThat(Acl.BUCKET_OWNER_FULL_CONTROL.wireName()).isEqualTo("bucket-owner-full-control");
    }
}
