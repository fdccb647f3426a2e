package dev.narwhal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class NarwhalClientTest {

    private static final String URL = "http://localhost:8080/files";

    @TempDir
    private Path temporary;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static List<List<String>> wrongCalls() {
        return List.of(
                List.of(),
                List.of("download"),
                List.of("upload", "film.mp4"),
                List.of("upload", "--url", URL),
                List.of("upload", "film.mp4", "--url", "localhost:8080/files"),
                List.of("upload", "film.mp4", "--url", "ftp://localhost/files"),
                List.of("upload", "film.mp4", "--url", URL, "--chunk-size", "0"),
                List.of("upload", "film.mp4", "--url", URL, "--chunk-size", "2G"),
                List.of("upload", "film.mp4", "--url", URL, "--retries", "-1"),
                List.of("upload", "film.mp4", "--url", URL, "--timeout", "0s"),
                List.of("upload", "film.mp4", "--url", URL, "--header", "no colon"),
                List.of("upload", "film.mp4", "--url", URL, "--header", "Tus-Resumable: 2"),
                List.of("upload", "film.mp4", "--url", URL, "--header", "Origin: x"),
                List.of("upload", "film.mp4", "--url", URL, "--meta", "no equals sign"),
                List.of("upload", "film.mp4", "--url", URL, "--meta", "a key=value"));
    }

    @ParameterizedTest
    @MethodSource("wrongCalls")
    void execute_wrongCall_isExitCode2WithASentence(List<String> arguments) {
        assertThat(execute(arguments)).isEqualTo(2);
        assertThat(err.toString()).isNotBlank().doesNotContain("Exception", "\tat ");
    }

    @Test
    void execute_help_isExitCode0() {
        assertThat(execute(List.of("upload", "--help"))).isZero();
        assertThat(out.toString()).contains("--limit-rate", "--state-dir", "Exit codes");
    }

    @Test
    void execute_version_isExitCode0() {
        assertThat(execute(List.of("--version"))).isZero();
        assertThat(out.toString()).startsWith("narwhal-client ");
    }

    @Test
    void execute_missingFileAndDirectory_isExitCode1WithASentenceEach() {
        String missing = temporary.resolve("missing.txt").toString();
        assertThat(execute(List.of("upload", missing, temporary.toString(), "--url", URL)))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(missing + ": does not exist", temporary + ": is a directory; name the files in it");
        assertThat(out.toString().lines()).containsExactly("0 of 2 files uploaded");
    }

    private int execute(List<String> arguments) {
        Surroundings surroundings =
                new Surroundings(temporary.resolve("state"), false, Clock.systemUTC(), System::nanoTime);
        CommandLine line = NarwhalClient.commandLine(surroundings)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        return line.execute(arguments.toArray(new String[0]));
    }
}
