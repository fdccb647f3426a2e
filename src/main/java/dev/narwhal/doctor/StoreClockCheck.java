package dev.narwhal.doctor;

import dev.narwhal.destination.s3.S3Properties;
import dev.narwhal.destination.settings.DestinationProperties.Type;
import dev.narwhal.startup.InspectedSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * Compares this machine's clock with the object store's: a store refuses signatures that are a quarter of an hour old.
 */
final class StoreClockCheck implements Doctor.Check {

    private static final String NAME = "clock";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REFUSED = Duration.ofMinutes(14);
    private static final Duration NOTABLE = Duration.ofMinutes(1);
    private static final String REMEDY =
            "Let this machine's clock be set by NTP (for example chrony or systemd-timesyncd).";

    private final InspectedSettings settings;
    private final Clock clock;

    StoreClockCheck(InspectedSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<Finding> findings() {
        return NamedSettings.all(settings).stream()
                .map(NamedSettings::settings)
                .filter(destination -> destination.type() == Type.S3)
                .flatMap(destination -> endpoint(destination.s3()).stream())
                .distinct()
                .flatMap(store -> skew(store).map(ahead -> finding(ahead, store)).stream())
                .toList();
    }

    private static Optional<URI> endpoint(S3Properties s3) {
        if (s3.endpoint() != null) {
            return Optional.of(s3.endpoint());
        }
        return s3.region() == null
                ? Optional.empty()
                : Optional.of(URI.create("https://s3." + s3.region() + ".amazonaws.com/"));
    }

    /**
     * How far this clock is ahead; empty when the store sends no date, or does not answer, which another check reports.
     */
    private Optional<Duration> skew(URI endpoint) {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .timeout(TIMEOUT)
                .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            Instant before = clock.instant();
            HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
            Instant halfway =
                    before.plus(Duration.between(before, clock.instant()).dividedBy(2));
            return answer.headers().firstValue("Date").map(date -> Duration.between(parse(date), halfway));
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Instant parse(String date) {
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    static Finding finding(Duration ahead, URI store) {
        Duration off = ahead.abs();
        String text = off.toSeconds() + " s " + (ahead.isNegative() ? "behind " : "ahead of ") + store.getHost();
        if (off.compareTo(REFUSED) > 0) {
            return Finding.fail(NAME, text + ", which refuses every request", REMEDY);
        }
        return off.compareTo(NOTABLE) > 0 ? Finding.warn(NAME, text, REMEDY) : Finding.ok(NAME, text);
    }
}
