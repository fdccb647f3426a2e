package dev.narwhal.faults;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a server says of itself. */
final class Health {

    private Health() {}

    static String of(NarwhalProcess server, String group) throws IOException, InterruptedException {
        return ask(server, group).body();
    }

    static int status(NarwhalProcess server, String group) throws IOException, InterruptedException {
        return ask(server, group).statusCode();
    }

    private static HttpResponse<String> ask(NarwhalProcess server, String group)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI url = server.root().resolve("actuator/health/" + group);
            return http.send(
                    HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        }
    }
}
