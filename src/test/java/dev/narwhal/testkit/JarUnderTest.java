package dev.narwhal.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * The built jar, and the same taken apart by its own tool ({@code -Djarmode=tools extract}): that starts in six tenths of the
 * processor time, since its libraries need not be read from a jar in a jar. With the archive of its classes beside it a start takes
 * six tenths of that again.
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

    /**
     * For servers that are started often.
     *
     * @param jvmArguments of the start; the archive fits {@link NarwhalProcess#QUICK_START} only
     * @return what stands between {@code java} and the settings
     */
    static List<String> quick(List<String> jvmArguments) {
        List<String> words = new ArrayList<>(jvmArguments);
        Path jar = EXTRACTED ? Prepared.JAR : JAR;
        if (EXTRACTED && jvmArguments.equals(NarwhalProcess.QUICK_START)) {
            words.add("-XX:SharedArchiveFile=" + archive(jar));
        }
        words.addAll(List.of("-jar", jar.toString()));
        return words;
    }

    private static Path archive(Path jar) {
        return jar.resolveSibling("narwhal.jsa");
    }

    /** Once a build, whichever of the tests' JVMs comes first. */
    private static final class Prepared {

        static final Path JAR = prepare();

        private static Path prepare() {
            Path directory = JarUnderTest.JAR.resolveSibling("extracted");
            Path jar = directory.resolve(JarUnderTest.JAR.getFileName());
            try (FileChannel lock = FileChannel.open(
                            directory.resolveSibling("extracted.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    var unused = lock.lock()) {
                if (!isOfThisBuild(jar)) {
                    extract(directory);
                    train(jar);
                    // Last, so that half a directory is not taken for a whole one.
                    Files.setLastModifiedTime(archive(jar), Files.getLastModifiedTime(JarUnderTest.JAR));
                }
                return jar;
            } catch (IOException e) {
                throw new IllegalStateException(JarUnderTest.JAR + " could not be prepared in " + directory, e);
            }
        }

        private static boolean isOfThisBuild(Path jar) throws IOException {
            Path archive = archive(jar);
            return Files.exists(archive)
                    && Files.getLastModifiedTime(archive).equals(Files.getLastModifiedTime(JarUnderTest.JAR));
        }
    }

    private static void extract(Path directory) throws IOException {
        Process tool = new ProcessBuilder(
                        java(),
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

    /** One life of a server, of which the JVM archives the classes at its end. */
    private static void train(Path jar) throws IOException {
        Path archive = archive(jar);
        Files.deleteIfExists(archive);
        Path directory = Files.createTempDirectory("narwhal-training-");
        List<String> jvm = new ArrayList<>(NarwhalProcess.QUICK_START);
        jvm.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-jar", jar.toString()));
        try (NarwhalProcess server = NarwhalProcess.start(directory.resolve("data"), jvm);
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 3, "training");
            tus.patch(upload, 0, new byte[3]);
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
        if (!Files.exists(archive)) {
            throw new IOException("The JVM made no " + archive);
        }
    }

    /** The tests' own JVM is the one that the build selected; `java` on the PATH may be too old for the jar. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
