package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.TestContent;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** MinIO, whose program somebody has to have built: {@code ./mvnw -Pminio verify -Dminio=PATH}. */
@Tag("minio")
class MinioDestinationIT extends S3DestinationContract {

    @TempDir
    static Path directory;

    private static S3ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = S3ServerProcess.minio(directory);
        makeBucket(server.endpoint());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected URI endpoint() {
        return server.endpoint();
    }

    @Override
    protected String storageClass() {
        return "REDUCED_REDUNDANCY";
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_encryptedByAKeyOfItsOwn(int length) throws Exception {
        S3Properties settings = S3Settings.of(BUCKET, endpoint())
                .with("encryption", "aws:kms")
                .with("kms-key-id", S3ServerProcess.KMS_KEY)
                .bind();
        try (S3Destination encrypted = destination(settings)) {
            TestContent content = content(length);
            encrypted.deliver(job(ownKey(), length), content, new MemoryJournal());

            HeadObjectResponse head = head(ownKey());
            assertThat(head.serverSideEncryptionAsString()).isEqualTo("aws:kms");
            assertThat(head.ssekmsKeyId()).endsWith(S3ServerProcess.KMS_KEY);
            assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        }
    }
}
