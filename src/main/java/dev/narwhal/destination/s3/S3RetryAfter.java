package dev.narwhal.destination.s3;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** How long a store asks to be left alone: RFC 9110, section 10.2.3. */
final class S3RetryAfter {

    /** A store that says more has made a mistake, or is looked at once in a while all the same. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private S3RetryAfter() {}

    /** Empty when the answer does not say, or says it in no way that is known; never negative, at most an hour. */
    static Optional<Duration> of(SdkException failure) {
        if (!(failure instanceof AwsServiceException answered)) {
            return Optional.empty();
        }
        return Optional.ofNullable(answered.awsErrorDetails())
                .map(AwsErrorDetails::sdkHttpResponse)
                .flatMap(S3RetryAfter::of)
                .map(S3RetryAfter::bounded);
    }

    private static Optional<Duration> of(SdkHttpResponse answer) {
        return answer.firstMatchingHeader("Retry-After").map(String::strip).flatMap(value -> {
            // Digits that no number can hold are long enough.
            if (value.matches("[0-9]+")) {
                return Optional.of(value.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(value)));
            }
            return until(value, answer.firstMatchingHeader("Date").orElse(""));
        });
    }

    /** Both by the store's clock: ours may be another. */
    private static Optional<Duration> until(String date, String now) {
        try {
            return Optional.of(Duration.between(instant(now), instant(date)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant instant(String date) {
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    private static Duration bounded(Duration pause) {
        return pause.isNegative() ? Duration.ZERO : pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
