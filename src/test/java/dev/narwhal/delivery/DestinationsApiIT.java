package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.upload.UploadId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator sees which destination is paused, and ends the pause. */
class DestinationsApiIT {

    private final PlainTus tus = new PlainTus();

    @Test
    void destination_paused_isShownAndResumed(@TempDir Path dir) throws Exception {
        try (ServerInProcess server = ServerInProcess.start(dir.resolve("data"))) {
            assertThat(send(server, "GET", "").body()).contains("\"name\":\"default\"", "\"state\":\"ACTIVE\"");
            DestinationStates states = server.context().getBean(DestinationStates.class);
            Clock clock = server.context().getBean(Clock.class);
            assertThat(states.refused("default", UploadId.random(), "no room", clock.instant(), Duration.ZERO))
                    .isPresent();

            String paused = send(server, "GET", "/default").body();
            assertThat(paused)
                    .contains("\"state\":\"PAUSED\"", "\"reason\":\"no room\"", "\"failures\":1", "\"waiting\":0")
                    .contains("\"pausedSince\":\"20", "\"nextProbe\":\"20");
            assertThat(send(server, "POST", "/default/resume").statusCode()).isEqualTo(204);

            assertThat(states.pauseOf("default")).isEmpty();
            assertThat(send(server, "POST", "/default/resume").body()).contains("NOT_PAUSED");
            assertThat(send(server, "POST", "/nowhere/resume").statusCode()).isEqualTo(404);
            assertThat(send(server, "GET", "/nowhere").body()).contains("DESTINATION_UNKNOWN");
        }
    }

    private HttpResponse<String> send(ServerInProcess server, String method, String path) throws Exception {
        return tus.send(method, server.root().resolve("api/v1/destinations" + path), BodyPublishers.noBody());
    }
}
