package dev.narwhal.testkit;

import dev.narwhal.NarwhalApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The server inside the tests' JVM, on loopback, on a free port: for what needs neither the built jar nor a process that can be killed,
 * for which there is {@link NarwhalProcess}.
 */
public final class ServerInProcess implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private ServerInProcess(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** One with the default settings, for all tests of a JVM that change nothing of it; it stops with the JVM. */
    public static ServerInProcess shared() {
        return Shared.SERVER;
    }

    /** @param settings such as {@code --narwhal.upload.max-size=1MB} */
    public static ServerInProcess start(Path dataDir, String... settings) {
        return start(dataDir, UnaryOperator.identity(), settings);
    }

    /** @param changed adds to the application what the test needs in it */
    public static ServerInProcess start(
            Path dataDir, UnaryOperator<SpringApplicationBuilder> changed, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--narwhal.data-dir=" + dataDir);
        // A context sets up the JVM's one logging system when it starts, and takes it down when it closes.
        synchronized (ServerInProcess.class) {
            return new ServerInProcess(changed.apply(new SpringApplicationBuilder(NarwhalApplication.class))
                    .run(arguments.toArray(String[]::new)));
        }
    }

    /** With a slash at its end. */
    public URI root() {
        return atPort("local.server.port");
    }

    /** The same of the management server, when its port is another. */
    public URI management() {
        return atPort("local.management.port");
    }

    private URI atPort(String property) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty(property) + "/");
    }

    /** The creation URL of the default {@code narwhal.tus.path}. */
    public URI uploads() {
        return root().resolve("files");
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    @Override
    public void close() {
        synchronized (ServerInProcess.class) {
            context.close();
        }
    }

    private static final class Shared {

        static final ServerInProcess SERVER = start();

        private static ServerInProcess start() {
            try {
                Path directory = Files.createTempDirectory("narwhal-shared-");
                ServerInProcess server = ServerInProcess.start(directory.resolve("data"));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, directory)));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stop(ServerInProcess server, Path directory) {
            try {
                server.close();
                FileSystemUtils.deleteRecursively(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
