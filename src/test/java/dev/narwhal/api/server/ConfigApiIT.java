package dev.narwhal.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigApiIT {

    private final ServerInProcess server = ServerInProcess.shared();
    private final PlainTus tus = new PlainTus();

    @Test
    void config_saysWhatOptionsSays() throws Exception {
        String body = tus.send("GET", server.root().resolve("api/v1/config"), BodyPublishers.noBody())
                .body();
        JsonNode config = JsonMapper.shared().readTree(body);
        JsonNode offer = config.get("protocols").get(0);
        var options = tus.options(server.uploads()).headers();

        assertThat(texts(offer.get("extensions")))
                .containsExactlyInAnyOrder(
                        options.firstValue("Tus-Extension").orElseThrow().split(","));
        assertThat(texts(offer.get("checksumAlgorithms")))
                .containsExactlyInAnyOrder(options.firstValue("Tus-Checksum-Algorithm")
                        .orElseThrow()
                        .split(","));
        assertThat(offer.get("version").asString()).isEqualTo("1.0.0");
        assertThat(offer.get("url").asString()).isEqualTo("/files");
        assertThat(config.get("limits").get("expireAfterSeconds").asLong()).isEqualTo(86_400);
        assertThat(config.get("limits").get("maxSize").isNull()).isTrue();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asString()));
        return texts;
    }
}
