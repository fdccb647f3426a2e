package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3FailuresTest {

    @ParameterizedTest
    @CsvSource({
        "500, InternalError, RETRYABLE",
        "503, SlowDown, RETRYABLE",
        "507, XMinioStorageFull, RETRYABLE",
        "429, TooManyRequests, RETRYABLE",
        "408, RequestTimeout, RETRYABLE",
        "400, RequestTimeout, RETRYABLE",
        "400, BadDigest, RETRYABLE",
        "400, '', RETRYABLE",
        "409, ConditionalRequestConflict, RETRYABLE",
        "404, NoSuchUpload, RETRYABLE",
        "200, InternalError, RETRYABLE",
        "403, AccessDenied, DESTINATION",
        "403, RequestTimeTooSkewed, DESTINATION",
        "403, InvalidAccessKeyId, DESTINATION",
        "403, '', DESTINATION",
        "401, Unauthorized, DESTINATION",
        "400, ExpiredToken, DESTINATION",
        "400, AuthorizationHeaderMalformed, DESTINATION",
        "404, NoSuchBucket, DESTINATION",
        "404, '', DESTINATION",
        "301, PermanentRedirect, DESTINATION",
        "400, EntityTooLarge, FINAL",
        "400, KeyTooLongError, FINAL",
        "400, MetadataTooLarge, FINAL",
        "400, RequestHeaderSectionTooLarge, FINAL",
        "431, '', FINAL",
        "412, PreconditionFailed, FINAL",
    })
    void classify_byStatusAndCode(int status, String code, Failure expected) {
        S3Exception error = (S3Exception) S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("as the store says")
                        .build())
                .build();

        DestinationException classified = S3Failures.classify(S3Settings.PREFIX, "'key' could not be delivered", error);

        assertThat(classified.failure()).isEqualTo(expected);
        assertThat(classified).hasMessageContaining("'key'").hasMessageContaining("as the store says");
    }

    @Test
    void classify_noAnswer_isRetryable() {
        assertThat(S3Failures.classify(S3Settings.PREFIX, "x", SdkClientException.create("Connection refused"))
                        .failure())
                .isEqualTo(Failure.RETRYABLE);
    }

    @Test
    void classify_noCredentials_isTheDestinations() {
        assertThat(S3Failures.classify(
                                S3Settings.PREFIX,
                                "x",
                                SdkClientException.create("Unable to load credentials from any of the providers"))
                        .failure())
                .isEqualTo(Failure.DESTINATION);
    }
}
