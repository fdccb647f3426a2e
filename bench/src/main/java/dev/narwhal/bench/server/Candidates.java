package dev.narwhal.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The servers of the table, and how each is installed and started: with its defaults. */
public final class Candidates {

    public static final String NARWHAL = "narwhal";
    public static final String DISTRIBUTION = "narwhal-dist";
    public static final String TUSD = "tusd";
    public static final String NODE = "@tus/server";
    /** The least that a receiver in Java can do: {@link BareReceiver}. */
    public static final String LIMIT = "limit";

    /** The disk alone. */
    public static final String DD = "dd";

    /** A multipart upload straight to the store. */
    public static final String PLAIN = "plain";

    /** Narwhal without the rows of the one beside it. */
    public static final String EMPTY = "empty";

    /** Narwhal at the beginning of the same upload. */
    public static final String FIRST = "first tenth";

    /** In which a table names them. */
    public static final List<String> ORDER = List.of(NARWHAL, DISTRIBUTION, TUSD, NODE, PLAIN, EMPTY, FIRST, LIMIT, DD);

    private static final String TUSD_MODULE = "github.com/tus/tusd/v2/cmd/tusd@v2.9.1";
    private static final String MINIO_MODULE = "github.com/minio/minio@latest";

    private final Path project;
    private final Path tools;

    /** @param project the directory of the whole project */
    public Candidates(Path project) {
        this.project = project;
        this.tools = project.resolve("bench/target/tools").toAbsolutePath().normalize();
    }

    /** @param java further options of the JVM */
    public Candidate narwhal(Path jar, List<String> java) {
        return new Candidate(NARWHAL, "/files", (port, directory) -> {
            List<String> command = new ArrayList<>(List.of(java()));
            command.addAll(java);
            command.addAll(List.of("-jar", jar.toString()));
            command.addAll(settings(port, directory));
            return command;
        });
    }

    /** @param distribution a directory with {@code bin/narwhal} */
    public Candidate distribution(Path distribution) {
        return new Candidate(DISTRIBUTION, "/files", (port, directory) -> {
            List<String> command = new ArrayList<>(
                    List.of(distribution.resolve("bin/narwhal").toAbsolutePath().toString()));
            command.addAll(settings(port, directory));
            return command;
        });
    }

    private static List<String> settings(int port, Path directory) {
        return List.of("--server.port=" + port, "--narwhal.data-dir=" + directory);
    }

    /** @throws IOException when it is not there and cannot be installed */
    public Candidate tusd() throws IOException, InterruptedException {
        String program = goProgram("tusd", TUSD_MODULE);
        return new Candidate(
                TUSD,
                "/files/",
                (port, directory) -> List.of(
                        program, "-host=127.0.0.1", "-port=" + port, "-base-path=/files/", "-upload-dir=" + directory));
    }

    public String minio() throws IOException, InterruptedException {
        return goProgram("minio", MINIO_MODULE);
    }

    private String goProgram(String name, String module) throws IOException, InterruptedException {
        Path program = tools.resolve(name);
        if (!Files.exists(program)) {
            System.out.println("Install " + module);
            Disk.command("env", "GOBIN=" + tools, "go", "install", module);
        }
        return program.toString();
    }

    public Candidate node() throws IOException, InterruptedException {
        Path server =
                project.resolve("src/test/tus-node-server").toAbsolutePath().normalize();
        if (!Files.exists(server.resolve("node_modules/@tus/server"))) {
            System.out.println("Install " + NODE);
            Disk.command("npm", "ci", "--prefix", server.toString(), "--no-audit", "--no-fund");
        }
        return new Candidate(
                NODE,
                "/files",
                (port, directory) -> List.of(
                        "node",
                        server.resolve("server.js").toString(),
                        Integer.toString(port),
                        directory.toString(),
                        "defaults"));
    }

    /** The least that a receiver in Java can do. */
    public Candidate limit() {
        return new Candidate(
                LIMIT,
                "/files",
                (port, directory) -> List.of(
                        java(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        BareReceiver.class.getName(),
                        Integer.toString(port),
                        directory.toString()));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
