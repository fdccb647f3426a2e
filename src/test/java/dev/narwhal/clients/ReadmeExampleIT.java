package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's curl lines as they stand there: the {@code sh} block after {@code <!-- curl-example -->}, run in an empty
 * directory against a fresh server. Only the address is replaced: the test's server has a port of its own.
 */
@Tag("clients")
class ReadmeExampleIT {

    private static final Pattern BLOCK =
            Pattern.compile("<!-- curl-example -->\\s*```(?:sh|bash|shell)\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ADDRESS = Pattern.compile("(?:localhost|127\\.0\\.0\\.1):8080");

    @TempDir
    Path directory;

    @Test
    void curlLines_leaveTheFileAtItsDestination() throws Exception {
        Path workplace = Files.createDirectory(directory.resolve("workplace"));
        try (NarwhalProcess server = NarwhalProcess.start(directory.resolve("data"))) {
            String transcript = run(example(server.port()), workplace);

            Awaitility.await("delivery")
                    .untilAsserted(
                            () -> assertThat(filesBelow(server.delivered())).hasSize(1));
            Path delivered = filesBelow(server.delivered()).getFirst();
            assertThat(filesBelow(workplace))
                    .as("what was uploaded")
                    .anySatisfy(file -> assertThat(file).hasSameBinaryContentAs(delivered));
        }
    }

    private static String example(int port) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).as("README.md has a marked curl example").isTrue();
        Matcher address = ADDRESS.matcher(block.group(1));
        assertThat(address.find()).as("the example names the default address").isTrue();
        return address.replaceAll("127.0.0.1:" + port);
    }

    private static String run(String script, Path workplace) throws Exception {
        try (ClientProcess bash = new ClientProcess(workplace, Map.of(), "bash", "-euxo", "pipefail", "-c", script)) {
            assertThat(bash.awaitExit()).as(bash.transcript()).isZero();
            assertThat(script.lines().filter(line -> line.contains("curl"))).hasSizeGreaterThanOrEqualTo(3);
            return bash.transcript();
        }
    }

    /** Files, not their temporary or hidden companions. */
    private static List<Path> filesBelow(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }
}
