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

/** The container, set for long bodies from slow clients. */
@Configuration(proxyBeanMethods = false)
public class TomcatConfiguration {

    /** Of a refused body: enough that the answer reaches a client that is still sending, not the whole file. */
    private static final int MOST_SWALLOWED = 2 << 20;

    /**
     * Each body in progress holds twice as much. Measured, 1 GiB over loopback: from 16 KiB to 64 KiB one speed and one use of
     * the processor; with Tomcat's 8 KiB a tenth less.
     */
    private static final String READ_BUFFER = String.valueOf(16 << 10);

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
            // Ours instead of the one that Spring Boot would add.
            factory.setHttp2(null);
            factory.addConnectorCustomizers(connector -> {
                UploadHttp11Protocol handler = (UploadHttp11Protocol) connector.getProtocolHandler();
                setUp(handler, settings);
                handler.limit(bodies, HeapShares.HTTP1_BODY, http.headTimeout());
                if (!environment.containsProperty(MAX_CONNECTIONS)) {
                    handler.setMaxConnections(shares.connections());
                }
                if (http2) {
                    connector.addUpgradeProtocol(http2(handler, bodies, settings));
                }
            });
            factory.addContextCustomizers(context -> {
                reportErrors((StandardHost) context.getParent(), headers);
                // A request that is still being read when the server stops is one of a silent client.
                ((StandardContext) context).setUnloadDelay(UNLOAD_DELAY_MILLIS);
            });
        };
    }

    /**
     * They would believe any neighbour, or anybody, and change the path and peer of the request before it is ours.
     *
     * @throws IllegalArgumentException with a sentence, when one of these settings is there
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
        // A request that will be refused must not be told to go on with its body.
        http.setContinueResponseTiming("onRead");
        http.setMaxSwallowSize(MOST_SWALLOWED);
        http.setDisableUploadTimeout(false);
        http.setConnectionUploadTimeout(Math.toIntExact(settings.silence().toMillis()));
        // A client of many small requests keeps its connection.
        http.setMaxKeepAliveRequests(-1);
        // Over HTTP/2 too. Trailers that are not in the list are dropped.
        http.setAllowedTrailerHeaders(String.join(",", settings.trailers()));
        http.setProperty("socket.appReadBufSize", READ_BUFFER);
    }

    /** The host looks whether its pipeline has a valve of that class before it makes one itself. */
    private static void reportErrors(StandardHost host, AnswerHeaders headers) {
        host.setErrorReportValveClass(ContainerErrorValve.class.getName());
        host.getPipeline().addValve(new ContainerErrorValve(headers));
    }
}
