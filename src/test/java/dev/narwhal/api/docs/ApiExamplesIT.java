package dev.narwhal.api.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every block {@code sh} of docs/api.md runs against a server and succeeds, with the variables that the page promises. If a block
 * {@code json} follows, the answer has its fields.
 */
class ApiExamplesIT {

    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\\n(?<command>.*?)```\\n(?:\\n```json\\n(?<answer>.*?)```)?", Pattern.DOTALL);

    /** A file that curl uploads. */
    private static final Pattern UPLOADED = Pattern.compile("=@([\\w.-]+)");

    /** curl's, of a stream that would go on for ever. */
    private static final int TIMED_OUT = 28;

    @TempDir
    static Path data;

    private static ServerInProcess server;
    private static String key = "";

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(data, "--narwhal.access.mode=closed");
        key = server.context()
                .getBean(ApiKeys.class)
                .create("root", Set.of(Role.ADMIN), Limits.NONE, null, "test")
                .text();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** @param answer null when the page shows none */
    record Example(String command, @Nullable String answer) {

        @Override
        public String toString() {
            return command.strip();
        }
    }

    static Stream<Example> examples() throws IOException {
        return EXAMPLE
                .matcher(Files.readString(Path.of("docs/api.md")))
                .results()
                .map(found -> new Example(found.group("command"), found.group("answer")))
                .toList()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void example_runs_andAnswersWhatThePageShows(Example example, @TempDir Path dir) throws Exception {
        String metadata = "filename ZXhhbXBsZS50eHQ=,batch ZXhhbXBsZQ==";
        URI upload = PlainTus.with(key).create(server.uploads(), 5, metadata, new byte[2]);
        boolean isStream = example.command().contains("curl -N");
        Files.writeString(
                dir.resolve(".curlrc"),
                "silent\nshow-error\nfail-with-body\nheader = \"X-Api-Key: " + key + "\"\nmax-time = "
                        + (isStream ? 3 : 30) + "\n");
        Matcher file = UPLOADED.matcher(example.command());
        if (file.find()) {
            Files.writeString(dir.resolve(file.group(1)), "an example");
        }
        Path output = dir.resolve("output");
        ProcessBuilder shell = new ProcessBuilder("bash", "-euc", example.command())
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().put("CURL_HOME", dir.toString());
        shell.environment().put("NARWHAL", server.root().toString().replaceAll("/$", ""));
        shell.environment().put("BATCH", "example");
        shell.environment().put("ID", upload.getPath().substring("/files/".length()));
        int status = shell.start().waitFor();
        String answer = Files.readString(output, UTF_8);

        assertThat(status).as(answer).isEqualTo(isStream ? TIMED_OUT : 0);
        if (isStream) {
            assertThat(answer).contains("event: hello");
        }
        if (example.answer() != null) {
            assertThat(fields(answer)).isEqualTo(fields(example.answer()));
        }
    }

    private static Set<String> fields(String json) {
        try {
            JsonNode node = JsonMapper.shared().readTree(json);
            return new TreeSet<>(node.propertyNames());
        } catch (JacksonException e) {
            throw new AssertionError("Not JSON: " + json, e);
        }
    }
}
