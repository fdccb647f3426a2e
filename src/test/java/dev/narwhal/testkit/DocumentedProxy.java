package dev.narwhal.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A proxy before a server, set up by the very file in {@code docs/proxies} that the documentation shows: only its ports are
 * changed. It publishes the server at its root and, with the path stripped, below {@code /up/}. The command must be
 * installed.
 */
public final class DocumentedProxy implements AutoCloseable {

    private static final Path FILES = Path.of("docs", "proxies");
    private static final String UPSTREAM = "127.0.0.1:8080";

    /** What a distribution's nginx.conf has around an included file. */
    private static final String AROUND_NGINX = """
            daemon off;
            user root;
            pid %1$s/nginx.pid;
            error_log stderr;
            worker_processes 1;
            events {}
            http {
              access_log off;
              client_body_temp_path %1$s/body;
              proxy_temp_path %1$s/proxy;
              fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              include %1$s/narwhal.conf;
            }
            """;

    /** Which proxy. */
    public enum Kind {
        NGINX,
        CADDY;

        /** Starts it before the server, with its files in {@code directory}, and returns when it accepts connections. */
        public DocumentedProxy before(NarwhalProcess server, Path directory) throws IOException {
            Files.createDirectories(directory);
            int port = freePort();
            return switch (this) {
                case NGINX -> nginx(server, directory, port);
                case CADDY -> caddy(server, directory, port);
            };
        }
    }

    private final Process process;
    private final int port;

    private DocumentedProxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    private static DocumentedProxy nginx(NarwhalProcess server, Path directory, int port) throws IOException {
        Files.writeString(
                directory.resolve("narwhal.conf"),
                file("nginx.conf", server).replace("listen 80;", "listen 127.0.0.1:" + port + ";"));
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), AROUND_NGINX.formatted(directory));
        return start(port, directory, "nginx", "-p", directory.toString(), "-c", configuration.toString());
    }

    private static DocumentedProxy caddy(NarwhalProcess server, Path directory, int port) throws IOException {
        String site = file("Caddyfile", server).replace("http://up.example.org", "http://127.0.0.1:" + port);
        Path configuration = Files.writeString(directory.resolve("Caddyfile"), "{\n\tadmin off\n}\n" + site);
        return start(port, directory, "caddy", "run", "--adapter", "caddyfile", "--config", configuration.toString());
    }

    private static String file(String name, NarwhalProcess server) throws IOException {
        String text = Files.readString(FILES.resolve(name));
        if (!text.contains(UPSTREAM)) {
            throw new IllegalStateException(name + " does not name " + UPSTREAM);
        }
        return text.replace(UPSTREAM, "127.0.0.1:" + server.port());
    }

    private static DocumentedProxy start(int port, Path directory, String... command) throws IOException {
        Path log = directory.resolve("proxy.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("HOME", directory.toString());
        DocumentedProxy proxy = new DocumentedProxy(builder.start(), port);
        Awaitility.await("the proxy accepts connections, see " + log)
                .until(() -> !proxy.process.isAlive() || proxy.accepts());
        if (!proxy.process.isAlive()) {
            throw new IllegalStateException(Files.readString(log));
        }
        return proxy;
    }

    /** The proxy's root, with a trailing slash. */
    public URI root() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** SIGTERM, which ends its workers too. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
