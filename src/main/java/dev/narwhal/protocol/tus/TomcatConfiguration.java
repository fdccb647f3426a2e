package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadProperties;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The container, set for long bodies from slow clients. */
@Configuration(proxyBeanMethods = false)
public class TomcatConfiguration {

    /** Of a refused body: enough that the answer reaches a client that is still sending, not the whole file. */
    private static final int MOST_SWALLOWED = 2 << 20;

    /** With Tomcat's own 8 KiB the body path runs at a fraction of the speed. */
    private static final String READ_BUFFER = String.valueOf(64 << 10);

    private static final int CONNECTIONS = 20_000;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tusTomcat(
            UploadProperties uploads, TusProperties properties) {
        CorsPolicy cors = new CorsPolicy(properties.cors().allowedOrigins());
        int silence = Math.toIntExact(uploads.bodyTimeout().toMillis());
        return factory -> {
            factory.addConnectorCustomizers(connector -> setUp(connector.getProtocolHandler(), silence));
            factory.addContextCustomizers(context -> reportErrors((StandardHost) context.getParent(), cors));
        };
    }

    private static void setUp(ProtocolHandler handler, int silence) {
        if (handler instanceof AbstractHttp11Protocol<?> http) {
            // A request that will be refused must not be told to go on with its body.
            http.setContinueResponseTiming("onRead");
            // A trailer that is not listed here is dropped before anybody sees it; over HTTP/2 too.
            http.setAllowedTrailerHeaders(ChecksumHeader.NAME);
            http.setMaxSwallowSize(MOST_SWALLOWED);
            http.setDisableUploadTimeout(false);
            http.setConnectionUploadTimeout(silence);
            http.setMaxConnections(CONNECTIONS);
            // A client of many small requests keeps its connection.
            http.setMaxKeepAliveRequests(-1);
            http.setProperty("socket.appReadBufSize", READ_BUFFER);
        }
    }

    /** The host looks whether its pipeline has a valve of that class before it makes one itself. */
    private static void reportErrors(StandardHost host, CorsPolicy cors) {
        host.setErrorReportValveClass(ContainerErrorValve.class.getName());
        host.getPipeline().addValve(new ContainerErrorValve(cors));
    }
}
