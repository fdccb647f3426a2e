package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.MemoryJournal;
import java.net.URI;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** A store that checks signatures, and that still takes parts for a multipart upload that is gone. */
class S3ProxyDestinationIT extends S3DestinationContract {

    private static S3Proxy proxy;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, S3Settings.ACCESS_KEY, S3Settings.SECRET_KEY)
                .blobStore(BlobStores.create("transient-nio2", new Properties()))
                .ignoreUnknownHeaders(true)
                .build();
        proxy.start();
        makeBucket(URI.create("http://127.0.0.1:" + proxy.getPort()));
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.stop();
    }

    @Override
    protected URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    /** It takes the headers, and keeps next to nothing of them. */
    @Override
    protected boolean keepsAttributes() {
        return false;
    }

    /** S3Mock has error codes of its own for it, and does not look at a part's MD5. */
    @ParameterizedTest
    @CsvSource({
        "10, auto, chunks",
        "10, md5, chunks",
        "10485760, auto, chunks",
        "10485760, md5, chunks",
        "10, auto, whole",
        "10, md5, whole",
        "10485760, auto, whole",
        "10485760, md5, whole",
        "10, auto, none",
        "10, md5, none",
        "10485760, auto, none",
        "10485760, md5, none"
    })
    void deliver_damagedOnTheWay_isRefusedByTheStore(int length, String checksums, String signing) throws Exception {
        S3Properties settings = S3Settings.of(BUCKET, endpoint())
                .with("checksums", checksums)
                .with("body-signing", signing)
                .bind();
        wire.damage(length > PART ? UploadPartRequest.class : PutObjectRequest.class);
        try (S3Destination comparing = destination(settings)) {
            DestinationException failure =
                    failureOf(() -> comparing.deliver(job(ownKey(), length), content(length), new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
        }
        assertThat(wire.completions).isEmpty();
        assertThat(exists(ownKey())).isFalse();
    }

    @Test
    void deliver_wrongSecret_isTheDestinationsFault() {
        try (S3Destination stranger = destination(settings(BUCKET, "wrong"))) {
            DestinationException failure =
                    failureOf(() -> stranger.deliver(job(ownKey(), 10), content(10), new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.DESTINATION);
            assertThat(failure.getMessage()).doesNotContain("wrong");
        }
    }
}
