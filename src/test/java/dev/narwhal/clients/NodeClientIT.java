package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** tus-js-client on Node: the specs in {@code src/test/node}, which must have been installed there ({@code npm ci}). */
@Tag("clients")
class NodeClientIT extends OneServer {

    private static final Path SPECS = Path.of("src", "test", "node").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"tus-js-client", "tus-js-client-5"})
    void specs_pass(String release) throws Exception {
        try (ClientProcess node = node(release, "--test", "--test-reporter=spec", "uploads.spec.js")) {
            int status = node.awaitExit();

            assertThat(status).as(node.transcript()).isZero();
            assertThat(node.transcript()).containsPattern("pass [1-9]");
        }
    }

    private static ClientProcess node(String release, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "node";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Map<String, String> environment =
                Map.of("TUS_CLIENT", release, "TUS_URL", server.uploads().toString());
        return new ClientProcess(SPECS, environment, command);
    }
}
