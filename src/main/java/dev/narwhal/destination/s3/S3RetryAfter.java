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

/** The pause that a store asks for by Retry-After: RFC 9110, section 10.2.3. */
final class S3RetryAfter {

    /** The server shortens longer pauses to this: the store has made a mistake, or a try once an hour does no harm. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private S3RetryAfter() {}

    /** From 0 to 1 hour. Empty when the response has no such header, or an invalid one. */
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
            // More than nine digits are longer than an hour, and may not fit into a number.
            if (value.matches("[0-9]+")) {
                return Optional.of(value.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(value)));
            }
            return until(value, answer.firstMatchingHeader("Date").orElse(""));
        });
    }

    /** Both times come from the store's clock, because the server's may differ. */
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
