package dev.narwhal.api.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.statistics.StatisticsRollup;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The statistics by their URL. */
class StatisticsApiIT {

    private final ServerInProcess server = ServerInProcess.shared();
    private final PlainTus tus = new PlainTus();

    private HttpResponse<String> get(String query) throws Exception {
        return tus.send("GET", server.root().resolve("api/v1/statistics" + query), BodyPublishers.noBody());
    }

    @Test
    void uploads_areCountedByHourAndByDay() throws Exception {
        URI upload = tus.create(server.uploads(), 5, "counted.txt");
        assertThat(tus.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        StatisticsRollup rollup = server.context().getBean(StatisticsRollup.class);
        for (int run = 0; run < 2; run++) {
            boolean unused = rollup.run(() -> false);
        }

        HttpResponse<String> hours = get("?by=hour");
        HttpResponse<String> days = get("");

        assertThat(hours.statusCode()).isEqualTo(200);
        assertThat(hours.body())
                .contains("\"by\":\"HOUR\"", "\"owner\":null", "\"countedUntil\":\"20", "\"below\":10000")
                .doesNotContain("\"items\":[]");
        assertThat(days.body()).contains("\"by\":\"DAY\"", "\"created\":").doesNotContain("\"items\":[]");
    }

    @Test
    void time_withoutUploads_isEmpty() throws Exception {
        assertThat(get("?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z").body())
                .contains("\"items\":[]");
        assertThat(get("?owner=nobody").body()).contains("\"owner\":\"nobody\"", "\"items\":[]");
    }

    @Test
    void questions_thatMakeNoSense_areRefused() throws Exception {
        assertThat(get("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").statusCode())
                .isEqualTo(400);
        assertThat(get("?by=hour&from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z")
                        .body())
                .contains("INVALID_PARAMETER", "91 days");
        assertThat(get("?by=week").statusCode()).isEqualTo(400);
    }
}
