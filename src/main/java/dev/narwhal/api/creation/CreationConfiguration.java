package dev.narwhal.api.creation;

import dev.narwhal.access.AccessProperties;
import dev.narwhal.access.UploadUrlRepository;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.http.ProtocolOffer;
import dev.narwhal.http.TrustedProxies;
import dev.narwhal.ingest.ChunkAppender;
import dev.narwhal.ingest.CreationKeys;
import dev.narwhal.ingest.UploadCreator;
import dev.narwhal.ingest.UploadTerminator;
import dev.narwhal.upload.UploadProperties;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Wires the endpoints that create uploads and upload URLs. */
@Configuration(proxyBeanMethods = false)
public class CreationConfiguration {

    @Bean
    @Lazy
    TusAddress tusAddress(@Qualifier("tusOffer") ProtocolOffer offer, Environment environment) {
        return new TusAddress(offer, TrustedProxies.of(environment));
    }

    @Bean
    @Lazy
    UploadUrlsController uploadUrlsController(
            UploadUrls urls, UploadUrlRepository repository, TusAddress address, Clock clock) {
        return new UploadUrlsController(urls, repository, address, clock);
    }

    @Bean
    @Lazy
    FormController formController(
            UploadCreator creator,
            ChunkAppender appender,
            UploadTerminator terminator,
            UploadProperties properties,
            CreationKeys keys,
            Limiter limiter,
            TusAddress address) {
        return new FormController(
                new FormUploads(creator, appender, terminator, properties, keys, limiter), limiter, address);
    }

    @Bean
    @Lazy
    CreationController creationController(
            UploadCreator creator,
            UploadUrls urls,
            CreationKeys keys,
            Limiter limiter,
            TusAddress address,
            UploadProperties properties,
            AccessProperties access,
            Clock clock) {
        ClientUploads uploads = new ClientUploads(creator, urls, keys, limiter, access.isOpen(), clock);
        return new CreationController(uploads, address, properties, limiter);
    }
}
