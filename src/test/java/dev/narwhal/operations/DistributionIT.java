package dev.narwhal.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution that {@code -Pdist} makes, started by its script. */
@Tag("process")
class DistributionIT {

    private static final Path MADE = Path.of(System.getProperty("distribution", "target/distribution"));
    private static final Pattern READY = Pattern.compile("is ready: upload to (http://\\S+), .*started in [0-9.]+ s");
    private static final String OWN_JAVA = System.getProperty("java.home");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void isMade() {
        assumeThat(MADE.resolve("bin/narwhal")).as("made by -Pdist").exists();
    }

    @AfterEach
    void killAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void killed_resumesAfterTheNextStart() throws Exception {
        Path link = Files.createSymbolicLink(
                directory.resolve("narwhal"), MADE.toAbsolutePath().resolve("bin/narwhal"));
        Path data = directory.resolve("data with a blank");
        String[] command = {link.toString(), "--server.port=0", "--narwhal.data-dir=" + data};
        URI upload;
        try (PlainTus tus = new PlainTus()) {
            Process first = start(OWN_JAVA, "first", command);
            upload = tus.create(ready("first"), 10, "file");
            tus.patch(upload, 0, "01234".getBytes(UTF_8));
            first.destroyForcibly();
            assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        // Killed was the server, and not only a script that started it: the data directory is free.
        Process second = start(OWN_JAVA, "second", command);
        try (PlainTus tus = new PlainTus()) {
            URI resumed = ready("second").resolve(upload.getPath());
            assertThat(tus.offset(resumed)).isEqualTo(5);
            tus.patch(resumed, 5, "56789".getBytes(UTF_8));
            assertThat(tus.offset(resumed)).isEqualTo(10);
        }
        second.destroy();
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(143);
        assertThat(log("second")).doesNotContain("cache");
    }

    @Test
    void cacheOfAnotherJava_isLeftAlone_withAWarning() throws Exception {
        Path copy = directory.resolve("copy");
        Files.createDirectories(copy.resolve("bin"));
        Files.copy(MADE.resolve("bin/narwhal"), copy.resolve("bin/narwhal"));
        Files.createSymbolicLink(
                copy.resolve("narwhal.jar"), MADE.toAbsolutePath().resolve("narwhal.jar"));
        Files.createSymbolicLink(copy.resolve("lib"), MADE.toAbsolutePath().resolve("lib"));
        Files.writeString(copy.resolve("cache.java"), "25.0.0+1\n");

        Process process =
                start(OWN_JAVA, "log", "sh", copy.resolve("bin/narwhal").toString(), "version");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(log("log")).contains("starts without its cache: Java 25.0.0+1 has made it", "Spring Boot");
    }

    @Test
    void javaThatIsTooOld_isRefusedInASentence() throws Exception {
        Path old = directory.resolve("old");
        Files.createDirectories(old.resolve("bin"));
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 9\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_RUNTIME_VERSION=\"17.0.15+6\"\n");

        Process process =
                start(old.toString(), "log", MADE.resolve("bin/narwhal").toString());

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isOne();
        assertThat(log("log")).contains("needs Java 21 or newer", "17.0.15+6");
    }

    private Process start(String javaHome, String log, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log).toFile());
        builder.environment().put("JAVA_HOME", javaHome);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private URI ready(String log) throws IOException {
        Awaitility.await("the server is ready")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> READY.matcher(log(log)).find());
        Matcher line = READY.matcher(log(log));
        assertThat(line.find()).isTrue();
        return URI.create(line.group(1));
    }

    private String log(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }
}
