package dev.narwhal.protocol.tus;

import dev.narwhal.access.Audit;
import dev.narwhal.access.Authenticator;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.download.DownloadProperties;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.http.AnswerHeaders;
import dev.narwhal.http.ContainerSettings;
import dev.narwhal.http.ProtocolOffer;
import dev.narwhal.http.TrustedProxies;
import dev.narwhal.ingest.ChecksumAlgorithm;
import dev.narwhal.ingest.ChunkAppender;
import dev.narwhal.ingest.CreationKeys;
import dev.narwhal.ingest.UploadConcatenator;
import dev.narwhal.ingest.UploadCreator;
import dev.narwhal.ingest.UploadLookup;
import dev.narwhal.ingest.UploadTerminator;
import dev.narwhal.upload.UploadProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.TusExtension;
import me.desair.tus.server.termination.TerminationExtension;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TusProperties.class)
public class TusConfiguration {

    private static final List<String> EXTENSIONS = List.of(
            "creation",
            "creation-defer-length",
            "creation-with-upload",
            "checksum",
            "checksum-trailer",
            "termination",
            "concatenation",
            "concatenation-unfinished");

    @Bean
    TusLimits tusLimits(UploadProperties uploads) {
        return new TusLimits(uploads.largestUpload(), uploads.maxPartials());
    }

    @Bean
    ContainerSettings containerSettings(UploadProperties uploads, TusProperties properties) {
        return new ContainerSettings(
                uploads.bodyTimeout(),
                properties.http2Window(),
                List.of(HttpHeader.UPLOAD_CHECKSUM.toLowerCase(Locale.ROOT)));
    }

    @Bean
    AnswerHeaders answerHeaders(TusProperties properties) {
        return new TusAnswerHeaders(properties.cors());
    }

    /** Without the operator's own extensions; OPTIONS lists these, too. */
    @Bean
    ProtocolOffer tusOffer(TusProperties properties, UploadProperties uploads) {
        List<String> extensions = new ArrayList<>(EXTENSIONS);
        if (uploads.isExpiring()) {
            extensions.add("expiration");
        }
        @Nullable String baseUrl = properties.baseUrl();
        return new ProtocolOffer(
                "tus",
                TusHeaders.VERSION,
                baseUrl == null ? properties.path() : baseUrl,
                extensions,
                Arrays.stream(ChecksumAlgorithm.values())
                        .map(ChecksumAlgorithm::wireName)
                        .toList());
    }

    @Bean
    EngineStorage engineStorage(
            UploadLookup lookup,
            UploadCreator creator,
            ChunkAppender appender,
            UploadConcatenator concatenator,
            UploadTerminator terminator,
            UploadDownloads downloads,
            TusLimits limits,
            Limiter limiter) {
        return new EngineStorage(
                lookup, creator, appender, concatenator, terminator, downloads, new EngineIdFactory(), limits, limiter);
    }

    @Bean
    TusAudit tusAudit(Audit audit, TusProperties properties) {
        return new TusAudit(audit, TrustedProxies.of(properties.trustedProxies()));
    }

    /** Registers every {@link TusExtension} bean of the context after the built-in extensions, in bean order. */
    @Bean
    TusEngine tusEngine(
            EngineStorage storage,
            ChunkAppender appender,
            UploadLookup lookup,
            TusLimits limits,
            TusProperties properties,
            UploadProperties uploads,
            UploadDownloads downloads,
            CreationKeys creationKeys,
            UploadUrls uploadUrls,
            TusAudit audit,
            ObjectProvider<TusExtension> added) {
        TusRules rules = new TusRules(appender, limits);
        PartialUrls partials = PartialUrls.of(properties.path(), properties.baseUrl());
        UploadLocation location =
                new UploadLocation(properties.baseUrl(), TrustedProxies.of(properties.trustedProxies()));
        List<TusExtension> own = new ArrayList<>();
        own.add(new CoreExtension(rules, new ReprDigest(downloads)));
        RepeatedCreation repeated = new RepeatedCreation(creationKeys, location, uploadUrls);
        own.add(new CreationExtension(rules, location, repeated));
        own.add(new ChecksumExtension());
        own.add(new TerminationExtension());
        own.add(new ConcatenationExtension(partials, limits, location, repeated));
        if (uploads.isExpiring()) {
            // After all extensions that create or change uploads, since it reports the resulting expiry.
            own.add(new ExpirationExtension());
        }
        TusEngine engine = new TusEngine(appender, lookup, audit)
                .with(own, added.orderedStream().toList());
        engine.withUploadIdFactory(new EngineIdFactory())
                .withUploadUri(properties.path())
                .withUploadLockingService(new NoEngineLocking())
                .withUploadStorageService(storage);
        return engine;
    }

    @Bean
    ServletRegistrationBean<TusServlet> tusServlet(
            TusEngine engine,
            UploadLookup lookup,
            UploadDownloads downloads,
            DownloadProperties downloading,
            AnswerHeaders headers,
            Authenticator authenticator,
            UploadUrls uploadUrls,
            Limiter limiter,
            TusAudit audit,
            TusProperties properties) {
        DownloadResponder responder = new DownloadResponder(lookup, downloads, downloading.enabled());
        TusGate gate = new TusGate(authenticator, uploadUrls);
        TusServlet servlet = new TusServlet(engine, responder, headers, gate, limiter, audit);
        return new ServletRegistrationBean<>(servlet, properties.path(), properties.path() + "/*");
    }
}
