package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DocumentedProxy;
import dev.narwhal.testkit.NarwhalProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server goes away behind a proxy, which then answers in its place: clients must not begin anew for that. */
@Tag("clients")
class ProxyRestartIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void upload_goesOnAfterARestartBehindAProxy(DocumentedProxy.Kind kind) throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(directory.resolve("data"));
                DocumentedProxy proxy = kind.before(server, directory.resolve("proxy"))) {
            Map<String, String> environment = Map.of(
                    "TUS_CLIENT",
                    "tus-js-client",
                    "TUS_URL",
                    proxy.root().resolve("files").toString());
            try (ClientProcess node = new ClientProcess(
                    Path.of("src", "test", "node").toAbsolutePath(), environment, "node", "proxy-restart.js")) {
                node.awaitLine("HALF");
                server.kill();
                node.writeLine("the server is gone");
                // It has asked by HEAD while the server is away, and had an answer.
                node.awaitLine("HEAD 423");
                server.restart();

                assertThat(node.awaitExit()).as(node.transcript()).isZero();
                assertThat(node.transcript()).contains("URL " + proxy.root());
            }
        }
    }
}
