package dev.narwhal.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.JarUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar, started as its users start it: by a Java that is too old, and by one that is not. */
@Tag("process")
class LauncherIT {

    private static final Path JAR = JarUnderTest.shipped();
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    @TempDir
    private Path directory;

    @Test
    void start_onOlderJava_saysSoInOneLine() throws Exception {
        Started started = start(olderJava(), "--narwhal.no-such-setting=1");

        assertThat(started.exitCode()).isEqualTo(1);
        assertThat(started.output())
                .singleElement()
                .asString()
                .startsWith("Narwhal needs Java 21 or newer, but was started by Java ")
                .contains("install a newer one");
    }

    @Test
    void start_onThisJava_reachesTheApplication() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");

        Started started = start(java, "--server.port=none");

        assertThat(started.exitCode()).isEqualTo(1);
        assertThat(started.output()).anyMatch(line -> line.contains("server.port"));
    }

    /** Any installed Java from 8 to 20; where there is none the test is skipped, and says so. */
    private static Path olderJava() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(INSTALLED), "no " + INSTALLED);
        try (Stream<Path> homes = Files.list(INSTALLED)) {
            return homes.filter(home -> home.getFileName().toString().matches(".*\\b(1\\.8\\.0|8|11|17)\\b.*"))
                    .map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseGet(() -> Assumptions.abort("no Java 8, 11 or 17 in " + INSTALLED));
        }
    }

    private Started start(Path java, String argument) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(java.toString(), "-jar", JAR.toString(), argument)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Started(process.exitValue(), Files.readAllLines(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private record Started(int exitCode, List<String> output) {}
}
