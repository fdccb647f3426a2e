package dev.narwhal.api.server;

import dev.narwhal.delivery.DestinationControl;
import dev.narwhal.download.DownloadProperties;
import dev.narwhal.http.ProtocolOffer;
import dev.narwhal.upload.UploadProperties;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
public class ServerApiConfiguration {

    private static final double MILLIS = 1_000.0;

    @Bean
    @Lazy
    ConfigController configController(
            List<ProtocolOffer> protocols,
            UploadProperties uploads,
            DownloadProperties downloads,
            ObjectProvider<BuildProperties> build) {
        String version =
                build.stream().map(BuildProperties::getVersion).findFirst().orElse("unknown");
        return new ConfigController(new ServerConfig(
                version, protocols, limits(uploads), downloads.enabled(), ServerConfig.Endpoints.OURS));
    }

    private static ServerConfig.Limits limits(UploadProperties uploads) {
        Duration expiry = uploads.expireAfter();
        return new ServerConfig.Limits(
                uploads.maxSize() == null ? null : (Long) uploads.maxSize().toBytes(),
                uploads.maxPartials(),
                expiry.isZero() ? null : (Long) expiry.toSeconds(),
                uploads.bodyTimeout().toMillis() / MILLIS,
                uploads.minimumRate().toBytes());
    }

    @Bean
    @Lazy
    DestinationsController destinationsController(DestinationControl destinations) {
        return new DestinationsController(destinations);
    }
}
