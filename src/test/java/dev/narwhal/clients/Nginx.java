package dev.narwhal.clients;

import dev.narwhal.testkit.NarwhalProcess;
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
 * nginx before a server, which it publishes below {@code /media/}; the command {@code nginx} must be installed. Without
 * {@code absolute_redirect off} nginx would put its own port into each Location, and clients would go past the proxy that
 * stands before it, here as in front of a TLS terminator.
 */
final class Nginx implements AutoCloseable {

    private static final String PREFIX = "/media";
    private static final String CONFIGURATION = """
            daemon off;
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
              server {
                listen 127.0.0.1:%2$d;
                client_max_body_size 0;
                absolute_redirect off;
                location %3$s/ {
                  proxy_pass http://127.0.0.1:%4$d/;
                  proxy_redirect / %3$s/;
                  proxy_http_version 1.1;
                  proxy_request_buffering off;
                  proxy_buffering off;
                  proxy_read_timeout 120s;
                  proxy_send_timeout 120s;
                }
              }
            }
            """;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Nginx before(NarwhalProcess server, Path directory) throws IOException {
        int port = freePort();
        Files.createDirectories(directory);
        Path configuration = Files.writeString(
                directory.resolve("nginx.conf"), CONFIGURATION.formatted(directory, port, PREFIX, server.port()));
        Process process = new ProcessBuilder("nginx", "-p", directory.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.log").toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        Awaitility.await("nginx accepts connections, see " + directory)
                .until(() -> !process.isAlive() || nginx.accepts());
        if (!process.isAlive()) {
            throw new IllegalStateException(Files.readString(directory.resolve("nginx.log")));
        }
        return nginx;
    }

    /** The public URL of one of the server's. */
    URI publicUrl(URI url) {
        return URI.create("http://127.0.0.1:" + port + PREFIX + url.getRawPath());
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

    /** SIGTERM to the master process, which ends its workers. */
    @Override
    public void close() throws IOException {
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
