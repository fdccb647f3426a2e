import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the distribution: the jar taken apart, {@code bin/narwhal}, and the cache of classes that the Java at hand can make. Maven runs
 * this file as it is.
 */
public final class Distribution {

    private static final int OLDEST_JAVA = 21;

    private Distribution() {}

    /** @param args the project's directory, the jar, the directory to make; a .tar.gz of the same name is put beside that */
    public static void main(String[] args) throws Exception {
        Path project = Path.of(args[0]);
        Path jar = Path.of(args[1]);
        Path directory = Path.of(args[2]);
        delete(directory);
        run(
                java().toString(),
                "-Djarmode=tools",
                "-jar",
                jar.toString(),
                "extract",
                "--destination",
                directory.toString());
        Path script = directory.resolve("bin/narwhal");
        Files.createDirectories(script.getParent());
        Files.copy(project.resolve("src/dist/bin/narwhal"), script);
        for (String file : List.of("LICENSE", "README.md")) {
            Files.copy(project.resolve(file), directory.resolve(file));
        }
        run("sh", script.toString(), "make-cache");
        run(
                "tar",
                "-C",
                directory.getParent().toString(),
                "-czf",
                directory + ".tar.gz",
                directory.getFileName().toString());
    }

    private static Path java() {
        return Path.of(home(), "bin", "java");
    }

    /** Where Maven itself runs on a Java that is new enough, it takes the one on the PATH for this file, and that may be older. */
    private static String home() {
        String mavens = System.getenv("JAVA_HOME");
        boolean isNewEnough = Runtime.version().feature() >= OLDEST_JAVA;
        return isNewEnough || mavens == null ? System.getProperty("java.home") : mavens;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("JAVA_HOME", home());
        builder.environment().remove("JAVA_OPTS");
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Distribution::deleteOne);
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
