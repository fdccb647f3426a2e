package dev.narwhal.conformance;

import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DocumentedProxy;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads through the proxies of docs/proxies.md, set up by the files that it shows. */
@Tag("clients")
@Timeout(value = 120, unit = SECONDS)
class ProxyIT {

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static final Map<DocumentedProxy.Kind, DocumentedProxy> PROXIES = new EnumMap<>(DocumentedProxy.Kind.class);

    @BeforeAll
    static void start() throws IOException {
        server = TusServer.startOwn(dir.resolve("data"), "--narwhal.tus.trusted-proxies=127.0.0.1");
        for (DocumentedProxy.Kind kind : DocumentedProxy.Kind.values()) {
            PROXIES.put(kind, kind.before(server, dir.resolve(kind.name())));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        PROXIES.values().forEach(DocumentedProxy::close);
        if (server != null) {
            server.close();
        }
    }

    private static URI root(DocumentedProxy.Kind kind) {
        return Objects.requireNonNull(PROXIES.get(kind)).root();
    }

    @ParameterizedTest
    @EnumSource
    void location_isThePublicOne_alsoBelowAPath(DocumentedProxy.Kind kind) throws IOException {
        URI root = root(kind);
        for (String path : new String[] {"files", "up/files"}) {
            TusClient tus = new TusClient(root.resolve(path));
            RawResponse created = tus.send(tus.post(3)
                    .header("X-Forwarded-Prefix", "/evil")
                    .header("X-Forwarded-Port", "81")
                    .header("X-Forwarded-For", "127.0.0.1")
                    .header("Forwarded", "host=evil.example;proto=https")
                    .body(""));
            assertThat(created.required("Location")).matches(root + path + "/[0-9a-f]{32}");
            URI upload = created.location(tus.creationUrl());
            tus.append(upload, 0, "abc");
            tus.holds(upload, "abc");
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytes_reachTheServerBeforeTheBodyEnds_andSurviveACut(DocumentedProxy.Kind kind) throws IOException {
        byte[] content = new byte[20_000_000];
        new Random(5).nextBytes(content);
        TusClient tus = new TusClient(root(kind).resolve("up/files"));
        TusClient direct = new TusClient(server.uploads());
        URI upload = tus.create(content.length);
        URI local = server.root().resolve(upload.getPath().substring("/up/".length()));
        try (RawHttp http = RawHttp.open(tus.patch(upload, 0).announcing(content.length))) {
            http.send(Arrays.copyOf(content, 5_000_000));
            direct.awaitOffset(local, 5_000_000);
        }
        direct.awaitOffset(local, 5_000_000);
        assertThat(tus.offset(upload)).isEqualTo(5_000_000);
        tus.append(upload, 5_000_000, Arrays.copyOfRange(content, 5_000_000, content.length));
        tus.holds(upload, content);
    }

    @ParameterizedTest
    @EnumSource
    void refusal_ofALargeBody_reachesTheClient(DocumentedProxy.Kind kind) throws IOException {
        TusClient tus = new TusClient(root(kind).resolve("files"));
        URI upload = tus.create(8 << 20);
        RawRequest stale = tus.patch(upload, 1);
        assertThat(tus.send(stale.body("x"))).hasStatus(409).hasHeader("Upload-Offset", "0");
        assertThat(tus.send(stale.header("Expect", "100-continue").announcing(8 << 20)))
                .isNoSuccess();
        assertThat(tus.offset(upload)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void largeHeaders_passInBothDirections(DocumentedProxy.Kind kind) throws IOException {
        TusClient tus = new TusClient(root(kind).resolve("files"));
        String metadata = "filename " + "QUJD".repeat(3_000);
        URI upload = tus.created(tus.post(3).header("Upload-Metadata", metadata).body(""));
        assertThat(tus.head(upload)).isSuccess().hasHeader("Upload-Metadata", metadata);
    }

    @ParameterizedTest
    @EnumSource
    void headWithoutServer_isAnswered423(DocumentedProxy.Kind kind) throws IOException {
        try (NarwhalProcess own = TusServer.startOwn(dir.resolve("own-" + kind));
                DocumentedProxy proxy = kind.before(own, dir.resolve("own-proxy-" + kind))) {
            TusClient tus = new TusClient(proxy.root().resolve("files"));
            URI upload = tus.create(3);
            own.kill();
            assertThat(tus.head(upload))
                    .hasStatus(423)
                    .hasHeader("Tus-Resumable", "1.0.0")
                    .hasHeader("Access-Control-Allow-Origin", "*")
                    .hasNoHeader("Upload-Offset");
            assertThat(tus.send(tus.patch(upload, 0).body("abc")))
                    .hasStatus(502, 503)
                    .hasHeader("Access-Control-Allow-Origin", "*");
            own.restart();
            assertThat(tus.offset(upload)).isZero();
        }
    }
}
