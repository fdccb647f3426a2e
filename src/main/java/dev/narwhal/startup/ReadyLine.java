package dev.narwhal.startup;

import dev.narwhal.protocol.tus.TusProperties;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Prints, once the server accepts requests, the upload URL, the destination of finished files and how long the start took. */
final class ReadyLine implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(ReadyLine.class);

    private final String version;
    private final TusProperties tus;
    private final String finishedFiles;

    /** @param finishedFiles their destination, as text for people */
    ReadyLine(String version, TusProperties tus, String finishedFiles) {
        this.version = version;
        this.tus = tus;
        this.finishedFiles = finishedFiles;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext server
                && server.getWebServer() != null) {
            String root = root(
                    event.getApplicationContext().getEnvironment(),
                    server.getWebServer().getPort());
            LOG.info("server.ready {}", text(root, uptime()));
        }
    }

    private static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    /** @param started how long the start took, from the start of the JVM */
    String text(String root, Duration started) {
        String uploads = tus.baseUrl() == null ? root + tus.path() : tus.baseUrl();
        return "Narwhal " + version + " is ready: upload to " + uploads + ", finished files go to " + finishedFiles
                + " (page: " + root + "/, started in " + String.format(Locale.ROOT, "%.1f", started.toMillis() / 1000.0)
                + " s)";
    }

    /** The URL for a browser on this machine: localhost if the server listens on all addresses. */
    static String root(Environment environment, int port) {
        String scheme = environment.getProperty("server.ssl.bundle") == null
                        && environment.getProperty("server.ssl.key-store") == null
                        && environment.getProperty("server.ssl.certificate") == null
                ? "http"
                : "https";
        InetAddress address = Binder.get(environment)
                .bind("server.address", InetAddress.class)
                .orElse(null);
        return scheme + "://" + host(address) + ":" + port + environment.getProperty("server.servlet.context-path", "");
    }

    private static String host(@Nullable InetAddress address) {
        if (address == null || address.isAnyLocalAddress()) {
            return "localhost";
        }
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
