package dev.narwhal.bench.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** MinIO on one directory, as a process. */
public final class Minio implements AutoCloseable {

    public static final String ACCESS_KEY = "minioadmin";
    public static final String SECRET_KEY = "minioadmin";

    private final Process process;
    private final URI endpoint;

    private Minio(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** @param program from {@link Candidates#minio()} */
    public static Minio start(String program, Path directory) throws IOException {
        Files.createDirectories(directory);
        String address;
        try (ServerSocket socket = new ServerSocket(0)) {
            address = "127.0.0.1:" + socket.getLocalPort();
        }
        Process process = new ProcessBuilder(List.of(
                        program,
                        "server",
                        directory.toString(),
                        "--address",
                        address,
                        "--console-address",
                        "127.0.0.1:0"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolveSibling("minio.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Minio(process, URI.create("http://" + address));
    }

    public URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
