package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3RetryAfterTest {

    private static final String NOW = "Wed, 21 Oct 2026 07:28:00 GMT";

    private static S3Exception answer(String retryAfter, String date) {
        SdkHttpResponse response = SdkHttpResponse.builder()
                .statusCode(503)
                .putHeader("Retry-After", retryAfter)
                .putHeader("Date", date)
                .build();
        return (S3Exception) S3Exception.builder()
                .statusCode(503)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("SlowDown")
                        .sdkHttpResponse(response)
                        .build())
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "7, PT7S",
        "0, PT0S",
        "' 120 ', PT2M",
        "86400, PT1H",
        "99999999999999999999, PT1H",
        "'Wed, 21 Oct 2026 07:30:00 GMT', PT2M",
        "'Wed, 21 Oct 2026 07:00:00 GMT', PT0S",
        "'Thu, 22 Oct 2026 07:28:00 GMT', PT1H",
    })
    void of_secondsOrDate_isBounded(String value, Duration expected) {
        assertThat(S3RetryAfter.of(answer(value, NOW))).contains(expected);
        assertThat(S3Failures.classify(S3Settings.PREFIX, "x", answer(value, NOW))
                        .retryAfter())
                .contains(expected);
        assertThat(S3Failures.isWorthAnotherTryAtOnce(answer(value, NOW))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"soon", "-1", "1.5", "''"})
    void of_anythingElse_isNothing(String value) {
        assertThat(S3RetryAfter.of(answer(value, NOW))).isEmpty();
    }

    @Test
    void of_dateWithoutTheStoresOwn_isNothing() {
        assertThat(S3RetryAfter.of(answer(NOW, "not a date"))).isEmpty();
    }

    @Test
    void of_noAnswer_isNothing() {
        assertThat(S3RetryAfter.of(SdkClientException.create("Connection refused")))
                .isEmpty();
    }
}
