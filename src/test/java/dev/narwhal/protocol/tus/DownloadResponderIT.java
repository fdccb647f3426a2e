package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narwhal.access.Caller;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.Destinations;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.ingest.UploadExpiry;
import dev.narwhal.ingest.UploadLookup;
import dev.narwhal.lease.InProcessLeases;
import dev.narwhal.lease.LeaseMetrics;
import dev.narwhal.staging.StagedAppend;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingConfiguration;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.testkit.ForwardingStaging;
import dev.narwhal.upload.DeliveredLocations;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadListener;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** A client that has the file already costs no disk access. */
class DownloadResponderIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final AtomicInteger opened = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private DownloadResponder responder;

    @SuppressWarnings("NullAway.Init")
    private Upload upload;

    @BeforeEach
    void open() throws IOException {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("narwhal.data-dir", folder.toString())));
        context.register(StagingConfiguration.class);
        context.refresh();
        StagingStore staging = new Counted(context.getBean(StagingStore.class));
        database = TestDatabase.h2(folder);
        UploadRepository uploads = database.repository(new UploadListener() {}, Clock.systemUTC());
        UploadExpiry expiry = new UploadExpiry(
                uploads,
                database.expiries(),
                staging,
                new InProcessLeases(Duration.ofSeconds(1), new LeaseMetrics(new SimpleMeterRegistry())),
                Clock.systemUTC());
        UploadLookup lookup = new UploadLookup(
                expiry,
                new InProcessLeases(Duration.ofSeconds(1), new LeaseMetrics(new SimpleMeterRegistry())),
                staging);
        responder = new DownloadResponder(
                lookup,
                new UploadDownloads(
                        uploads,
                        staging,
                        new Destinations(Map.of(Destinations.DEFAULT, new Nowhere("nowhere"))),
                        new NothingDelivered()),
                true);
        upload = finished(uploads, staging);
    }

    @AfterEach
    void close() {
        context.close();
        database.close();
    }

    private static Upload finished(UploadRepository uploads, StagingStore staging) throws IOException {
        Instant now = Instant.parse("2026-03-01T10:00:00Z");
        UploadId id = UploadId.random();
        staging.admit(id, 5);
        try (StagedAppend append = staging.append(id, 0, 5)) {
            append.buffer().put("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            append.received(5);
            append.flush();
        }
        return uploads.create(UploadBuilder.upload()
                .id(id)
                .owner("")
                .length(5L)
                .offset(5)
                .state(UploadState.FINISHED)
                .createdAt(now)
                .volume(staging.volume())
                .build());
    }

    private MockHttpServletResponse get(String header, String value) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/files/" + upload.id());
        request.addHeader(header, value);
        MockHttpServletResponse response = new MockHttpServletResponse();
        responder.respond(request, response, upload.id(), Caller.ANYBODY);
        return response;
    }

    @Test
    void fileThatTheClientHas_isNotOpened() throws Exception {
        MockHttpServletResponse response = get("If-None-Match", "\"" + upload.id() + "\"");

        assertThat(response.getStatus()).isEqualTo(304);
        assertThat(response.getHeader("ETag")).isEqualTo("\"" + upload.id() + "\"");
        assertThat(opened).hasValue(0);
    }

    @Test
    void fileThatTheClientDoesNotWant_isNotOpened() {
        assertThatExceptionOfType(TusProblem.class).isThrownBy(() -> get("If-Match", "\"other\""));

        assertThat(opened).hasValue(0);
    }

    @Test
    void fileThatTheClientWants_isOpenedOnce() throws Exception {
        assertThat(get("If-None-Match", "\"other\"").getContentAsString()).isEqualTo("hello");

        assertThat(opened).hasValue(1);
    }

    private final class Counted extends ForwardingStaging {

        Counted(StagingStore real) {
            super(real);
        }

        @Override
        public StagedContent read(UploadId id, long length) throws IOException {
            opened.incrementAndGet();
            return real.read(id, length);
        }
    }

    private record Nowhere(String describe) implements Destination {

        @Override
        public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal) {
            throw new AssertionError("Nothing is delivered here");
        }

        @Override
        public InputStream read(String key, long position, long length) {
            throw new AssertionError("Nothing is read here");
        }

        @Override
        public void abandon(DeliveryJob job, DeliveryJournal journal) {
            throw new AssertionError("Nothing is abandoned here");
        }
    }

    private static final class NothingDelivered implements DeliveredLocations {

        @Override
        public Optional<DeliveredLocation> find(UploadId id) {
            return Optional.empty();
        }

        @Override
        public Optional<String> sha256(UploadId id) {
            return Optional.empty();
        }
    }
}
