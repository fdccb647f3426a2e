package dev.narwhal.http;

import java.time.Duration;
import java.util.List;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Configures the container for long bodies from slow clients. */
@Configuration(proxyBeanMethods = false)
public class TomcatConfiguration {

    /**
     * Bytes to read of a refused body: enough for the answer to reach a client that is still sending, but not the whole
     * file.
     */
    private static final int MOST_SWALLOWED = 2 << 20;

    /** Of a connection with TLS, which holds twice as much; others have {@link SocketBuffers}. */
    private static final String READ_BUFFER = String.valueOf(16 << 10);

    /** Bytes of all trailers of a chunked body. Each connection keeps a buffer of that size. */
    private static final int MOST_TRAILERS = 2 << 10;

    private static final List<String> BELIEVING = List.of(
            "server.forward-headers-strategy",
            "server.tomcat.remoteip.remote-ip-header",
            "server.tomcat.remoteip.protocol-header");

    private static final String MAX_CONNECTIONS = "server.tomcat.max-connections";
    private static final int UNLOAD_DELAY_MILLIS = 100;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tusTomcat(
            ContainerSettings settings,
            AnswerHeaders headers,
            HttpProperties http,
            HeapShares shares,
            BodyBudget bodies,
            Environment environment) {
        refuseOthersTrust(environment);
        return factory -> {
            factory.setProtocol(UploadHttp11Protocol.class.getName());
            boolean http2 = factory.getHttp2() != null && factory.getHttp2().isEnabled();
            // Replaces the protocol that Spring Boot would add.
            factory.setHttp2(null);
            factory.addConnectorCustomizers(connector -> {
                UploadHttp11Protocol handler = (UploadHttp11Protocol) connector.getProtocolHandler();
                setUp(handler, settings);
                handler.limit(bodies, http.headTimeout());
                if (!environment.containsProperty(MAX_CONNECTIONS)) {
                    handler.setMaxConnections(shares.connections());
                }
                if (http2) {
                    connector.addUpgradeProtocol(http2(handler, bodies, settings));
                }
            });
            factory.addContextCustomizers(context -> {
                reportErrors((StandardHost) context.getParent(), headers);
                // A request that the server is still reading when it stops comes from a silent client.
                ((StandardContext) context).setUnloadDelay(UNLOAD_DELAY_MILLIS);
            });
        };
    }

    /**
     * Refuses Spring Boot's settings for forwarded headers. They would trust any neighbour, or anybody, and change a
     * request's path and peer before our code runs.
     * @throws IllegalArgumentException with a sentence, when one of these settings is present
     */
    public static void refuseOthersTrust(Environment environment) {
        for (String name : BELIEVING) {
            String value = environment.getProperty(name);
            if (value != null && !value.isBlank() && !value.equalsIgnoreCase("none")) {
                throw new IllegalArgumentException(name + " is '" + value
                        + "', but must be absent: narwhal.tus.trusted-proxies says whose headers are believed.");
            }
        }
    }

    private static UploadHttp2Protocol http2(
            AbstractHttp11Protocol<?> http1, BodyBudget bodies, ContainerSettings settings) {
        Duration stall = Duration.ofMillis(http1.getConnectionTimeout());
        return new UploadHttp2Protocol(
                bodies, Math.toIntExact(settings.http2Window().toBytes()), settings.silence(), stall);
    }

    private static void setUp(AbstractHttp11Protocol<?> http, ContainerSettings settings) {
        // The container must not send 100 Continue to a request that will be refused.
        http.setContinueResponseTiming("onRead");
        http.setMaxSwallowSize(MOST_SWALLOWED);
        http.setDisableUploadTimeout(false);
        http.setConnectionUploadTimeout(Math.toIntExact(settings.silence().toMillis()));
        // A client with many small requests keeps its connection.
        http.setMaxKeepAliveRequests(-1);
        // Applies to HTTP/2, too. Tomcat drops trailers that are not in the list.
        http.setAllowedTrailerHeaders(String.join(",", settings.trailers()));
        http.setProperty("socket.appReadBufSize", READ_BUFFER);
        http.setMaxTrailerSize(MOST_TRAILERS);
    }

    /** The host adds its own error valve only if its pipeline has none of that class. */
    private static void reportErrors(StandardHost host, AnswerHeaders headers) {
        host.setErrorReportValveClass(ContainerErrorValve.class.getName());
        host.getPipeline().addValve(new ContainerErrorValve(headers));
    }
}
