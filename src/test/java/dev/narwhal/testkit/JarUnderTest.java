package dev.narwhal.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The built jar, and the same taken apart by its own tool ({@code -Djarmode=tools extract}): that starts in six tenths of the
 * processor time, since its libraries need not be read from a jar in a jar.
 */
public final class JarUnderTest {

    private static final Path JAR =
            Path.of(System.getProperty("jar.under.test", "target/narwhal.jar")).toAbsolutePath();

    /** False for tests of what is shipped, as it is shipped. */
    private static final boolean EXTRACTED = Boolean.parseBoolean(System.getProperty("jar.extracted", "true"));

    private static final long LIMIT_SECONDS = 120;

    private JarUnderTest() {}

    /** As it is shipped. */
    public static Path shipped() {
        return JAR;
    }

    /** For servers that are started often. */
    static Path quick() throws IOException {
        return EXTRACTED ? extracted() : JAR;
    }

    private static synchronized Path extracted() throws IOException {
        Path directory = JAR.resolveSibling("extracted");
        Path jar = directory.resolve(JAR.getFileName());
        if (!Files.exists(jar) || !Files.getLastModifiedTime(jar).equals(Files.getLastModifiedTime(JAR))) {
            extract(directory);
            // Last, so that half a directory is not taken for a whole one.
            Files.setLastModifiedTime(jar, Files.getLastModifiedTime(JAR));
        }
        return jar;
    }

    private static void extract(Path directory) throws IOException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djarmode=tools",
                        "-jar",
                        JAR.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!tool.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || tool.exitValue() != 0) {
                throw new IOException(JAR + " could not be extracted to " + directory);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            tool.destroyForcibly();
        }
    }
}
