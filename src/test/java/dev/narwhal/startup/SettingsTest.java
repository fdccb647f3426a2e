package dev.narwhal.startup;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/** Names and defaults are a promise: whoever changes one changes it here, in docs/configuration.md and in CHANGELOG.md. */
class SettingsTest {

    private static final String SETTINGS = """
            narwhal.access.allowed-hosts =
            narwhal.access.allowed-origins =
            narwhal.access.audit.keep = 90d
            narwhal.access.audit.max-entries = 100000
            narwhal.access.jwt.audience =
            narwhal.access.jwt.clock-skew = 60s
            narwhal.access.jwt.issuer-uri =
            narwhal.access.jwt.jwks-uri =
            narwhal.access.jwt.limits-claim =
            narwhal.access.jwt.owner-claim = sub
            narwhal.access.jwt.public-key =
            narwhal.access.jwt.roles =
            narwhal.access.jwt.roles-claim = scope
            narwhal.access.jwt.roles-prefix =
            narwhal.access.mode = open
            narwhal.access.open-to-network = false
            narwhal.access.session-life = 12h
            narwhal.cleanup.keep-delivered = 0
            narwhal.cleanup.keep-tombstones = 30d
            narwhal.cleanup.orphan-age = 24h
            narwhal.cleanup.orphan-interval = 24h
            narwhal.cleanup.orphan-share = 10
            narwhal.cleanup.orphans = report
            narwhal.data-dir = ./data
            narwhal.delivery.concurrency = 4
            narwhal.delivery.digest = none
            narwhal.delivery.max-attempts =
            narwhal.delivery.on-conflict = fail
            narwhal.delivery.parts-in-flight = 8
            narwhal.delivery.rules =
            narwhal.delivery.send-ahead = true
            narwhal.delivery.send-ahead-from = 64MB
            narwhal.destination.azure.access-tier =
            narwhal.destination.azure.client-id =
            narwhal.destination.azure.connection-string =
            narwhal.destination.azure.container =
            narwhal.destination.azure.create-container = false
            narwhal.destination.azure.endpoint =
            narwhal.destination.azure.sas-token =
            narwhal.destination.directory.path = ${narwhal.data-dir}/delivered
            narwhal.destination.directory.reserve = 256MB
            narwhal.destination.key-template = uploads/{id}/{filename}
            narwhal.destination.metadata-keys =
            narwhal.destination.s3.access-key =
            narwhal.destination.s3.acl =
            narwhal.destination.s3.anonymous = false
            narwhal.destination.s3.body-signing = auto
            narwhal.destination.s3.bucket =
            narwhal.destination.s3.bucket-key =
            narwhal.destination.s3.ca-certificate =
            narwhal.destination.s3.checksums = auto
            narwhal.destination.s3.complete-timeout = 10m
            narwhal.destination.s3.conditional-writes = auto
            narwhal.destination.s3.create-bucket = false
            narwhal.destination.s3.encryption =
            narwhal.destination.s3.endpoint =
            narwhal.destination.s3.kms-key-id =
            narwhal.destination.s3.part-size = 16MB
            narwhal.destination.s3.path-style = false
            narwhal.destination.s3.region =
            narwhal.destination.s3.request-timeout = 30s
            narwhal.destination.s3.secret-key =
            narwhal.destination.s3.storage-class =
            narwhal.destination.s3.tags =
            narwhal.destination.type = directory
            narwhal.destinations =
            narwhal.download.enabled = true
            narwhal.lease.takeover-timeout = 5s
            narwhal.limits.body-memory =
            narwhal.limits.head-timeout = 30s
            narwhal.limits.owner.active-uploads =
            narwhal.limits.owner.bytes-per-second =
            narwhal.limits.owner.creations-per-second =
            narwhal.limits.owner.requests-per-second =
            narwhal.limits.owner.staged-bytes =
            narwhal.limits.owner.upload-size =
            narwhal.limits.server.bodies =
            narwhal.limits.server.bytes-per-second =
            narwhal.limits.server.creations-per-second =
            narwhal.limits.server.requests-per-second =
            narwhal.staging.keep-after-delivery = 0s
            narwhal.staging.reserve = 256MB
            narwhal.staging.sync = ack
            narwhal.staging.type = disk
            narwhal.tus.base-url =
            narwhal.tus.cors.allow-credentials = false
            narwhal.tus.cors.allowed-headers =
            narwhal.tus.cors.allowed-origins = *
            narwhal.tus.http2-window = 256KB
            narwhal.tus.path = /files
            narwhal.tus.trusted-proxies =
            narwhal.upload.body-timeout = 60s
            narwhal.upload.expire-after = 24h
            narwhal.upload.max-partials = 64
            narwhal.upload.max-size =
            narwhal.upload.minimum-rate = 100B
            narwhal.upload.sweep-interval = 1m
            """;

    @Test
    void settings_haveTheseNamesAndDefaults() throws IOException {
        String declared = DeclaredSettings.withDefaults().entrySet().stream()
                .map(setting -> (setting.getKey() + " = " + setting.getValue()).strip() + "\n")
                .collect(joining());

        assertThat(declared).isEqualTo(SETTINGS);
    }

    @Test
    void server_listensOnLoopbackOnly() throws IOException {
        PropertySource<?> yaml = new YamlPropertySourceLoader()
                .load("application.yaml", new ClassPathResource("application.yaml"))
                .getFirst();

        assertThat(yaml.getProperty("server.port")).isEqualTo(8080);
        assertThat(yaml.getProperty("server.address")).isEqualTo("127.0.0.1");
    }

    @Test
    void settings_areDescribedForTheIde() throws IOException {
        Pattern sentence = Pattern.compile("\\S+( \\S+)+");

        assertThat(DeclaredSettings.withDescriptions())
                .allSatisfy(
                        (name, description) -> assertThat(description).as(name).matches(sentence));
    }

    @Test
    void dataDirectory_hasOneDefault() throws IOException {
        assertThat(KnownSettings.ours().names()).contains("narwhal.data-dir");
        assertThat(DeclaredSettings.recordDefault("narwhal.data-dir"))
                .isEqualTo(DeclaredSettings.withDefaults().get("narwhal.data-dir"));
    }
}
