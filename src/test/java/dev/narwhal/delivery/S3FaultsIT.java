package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.testkit.S3FaultProxy;
import dev.narwhal.testkit.S3FaultProxy.Fault;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadState;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Whole deliveries, rows and all, to a store behind a network that does everything a network or a store can do. However often
 * a call fails, and whether or not it was done: the object appears once, as it should be, and nothing else stays.
 */
@Tag("process")
@TestInstance(Lifecycle.PER_CLASS)
class S3FaultsIT {

    private static final String BUCKET = "deliveries";
    private static final int PART = (int) PartPlan.MIN_PART_SIZE;

    /** As often as the S3 client tries by itself, so that it gives up. */
    private static final int LASTING = 3;

    private static final Set<Fault> TRIED_AGAIN = EnumSet.of(
            Fault.INTERNAL_ERROR, Fault.RESET, Fault.LOST_ANSWER, Fault.TRUNCATED_ANSWER, Fault.ERROR_IN_SUCCESS);

    private static final int MOST_RUNS = 100;

    private final SettableClock clock = new SettableClock();
    private TestDatabase database;
    private S3Proxy store;
    private S3FaultProxy network;
    private S3Client s3;
    private DeliveryFixture fixture;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        store = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .blobStore(BlobStores.create("transient-nio2", new Properties()))
                .ignoreUnknownHeaders(true)
                .build();
        store.start();
        URI endpoint = URI.create("http://127.0.0.1:" + store.getPort());
        s3 = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
                .build();
        s3.createBucket(r -> r.bucket(BUCKET));
        network = S3FaultProxy.to(endpoint);
        database = TestDatabase.h2(folder);
        fixture = new DeliveryFixture(
                folder,
                database,
                clock,
                Map.of(
                        "narwhal.destination.type", "s3",
                        "narwhal.destination.s3.part-size", "5MB",
                        "narwhal.destination.s3.bucket", BUCKET,
                        "narwhal.destination.s3.endpoint", network.endpoint().toString(),
                        "narwhal.destination.s3.access-key", "access",
                        "narwhal.destination.s3.secret-key", "secret",
                        "narwhal.destination.s3.path-style", "true",
                        "narwhal.destination.s3.request-timeout", "300ms",
                        "narwhal.destination.s3.complete-timeout", "1s"));
    }

    @AfterAll
    void stop() throws Exception {
        fixture.close();
        database.close();
        network.close();
        s3.close();
        store.stop();
    }

    /** How far the delivery is when the fault comes. */
    enum Stage {
        PUT,
        MULTIPART,
        /** Another attempt has sent a part, and one more has left a multipart upload that no row names. */
        RESUMED
    }

    record Case(Stage stage, String call, Fault fault, int times) {

        @Override
        public String toString() {
            return stage + " " + call + " " + fault + " x" + times;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            add(cases, Stage.PUT, "PutObject", fault);
            add(cases, Stage.PUT, "HeadObject", fault);
            add(cases, Stage.MULTIPART, "CreateMultipartUpload", fault);
            add(cases, Stage.MULTIPART, "UploadPart", fault);
            add(cases, Stage.MULTIPART, "CompleteMultipartUpload", fault);
            add(cases, Stage.MULTIPART, "HeadObject", fault);
            add(cases, Stage.RESUMED, "ListMultipartUploads", fault);
            add(cases, Stage.RESUMED, "AbortMultipartUpload", fault);
            add(cases, Stage.RESUMED, "HeadObject", fault);
            add(cases, Stage.RESUMED, "ListParts", fault);
            add(cases, Stage.RESUMED, "CompleteMultipartUpload", fault);
        }
        return cases.stream();
    }

    /** Once; and, where the S3 client by itself would try again, until it gives up. */
    private static void add(List<Case> cases, Stage stage, String call, Fault fault) {
        if (!isPossible(call, fault)) {
            return;
        }
        cases.add(new Case(stage, call, fault, 1));
        if (TRIED_AGAIN.contains(fault)) {
            cases.add(new Case(stage, call, fault, LASTING));
        }
    }

    private static boolean isPossible(String call, Fault fault) {
        return switch (fault) {
            case ERROR_IN_SUCCESS, INVALID_PART -> call.equals("CompleteMultipartUpload");
            case MISSING_PART -> call.equals("ListParts");
            case DAMAGED_BODY, BAD_DIGEST -> call.equals("PutObject") || call.equals("UploadPart");
            default -> true;
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void deliver_whateverHappensToACall_isDeliveredOnce(Case wanted) throws Exception {
        network.mend();
        byte[] bytes = DeliveryTaskContract.bytes(wanted.stage == Stage.PUT ? 1000 : PART + 7);
        Upload upload = fixture.finished(bytes);
        if (wanted.stage == Stage.RESUMED) {
            interrupt(upload);
        }
        network.spoil(
                (call, occurrence) -> call.equals(wanted.call) && occurrence <= wanted.times ? wanted.fault : null);

        runToTheEnd(upload);

        assertThat(network.seen()).as("the fault has come").contains(wanted.call);
        assertDeliveredOnce(upload, bytes, isForbidden(wanted));
    }

    /** A store that does not let us look for leftovers keeps them: that must not stop deliveries. */
    private static boolean isForbidden(Case wanted) {
        boolean cleaning = wanted.call.equals("ListMultipartUploads") || wanted.call.equals("AbortMultipartUpload");
        return cleaning && (wanted.fault == Fault.ACCESS_DENIED || wanted.fault == Fault.NO_SUCH_BUCKET);
    }

    private void interrupt(Upload upload) {
        // On a busy machine the first part may take longer than a request may, too.
        do {
            network.spoil(
                    (call, occurrence) -> call.equals("UploadPart") && occurrence > 1 ? Fault.INTERNAL_ERROR : null);
            assertThat(fixture.task().run(upload.id())).isPresent();
        } while (fixture.deliveries.parts(upload.id()).isEmpty());
        assertThat(fixture.deliveries.parts(upload.id())).hasSize(1);
        s3.createMultipartUpload(r -> r.bucket(BUCKET).key(key(upload)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void deliver_randomFaults_areDeliveredOnce(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            byte[] bytes = DeliveryTaskContract.bytes(random.nextInt(2) * PART + random.nextInt(1000));
            network.mend();
            Upload upload = fixture.finished(bytes);
            Random faults = new Random(random.nextLong());
            network.spoil((call, occurrence) -> faults.nextInt(10) < 3 ? fault(call, faults) : null);

            runToTheEnd(upload);

            assertDeliveredOnce(upload, bytes, false);
        }
    }

    private static Fault fault(String call, Random random) {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        return !isPossible(call, fault) || isForbidden(new Case(Stage.RESUMED, call, fault, 1)) ? Fault.RESET : fault;
    }

    @Test
    void deliver_storeAsksToBeLeftAlone_waitsForSoLong() throws Exception {
        network.mend();
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        network.spoil((call, occurrence) -> Fault.SLOW_DOWN_RETRY_AFTER);

        assertThat(fixture.task().run(upload.id())).contains(clock.instant().plusSeconds(7));

        assertThat(network.seen()).as("nothing again").containsExactly("PutObject", "HeadObject");
        network.mend();
        runToTheEnd(upload);
    }

    @Test
    void deliver_accessDenied_isTheDestinationsFault() throws Exception {
        network.mend();
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        network.spoil((call, occurrence) -> Fault.ACCESS_DENIED);

        assertThat(fixture.task().run(upload.id())).isPresent();

        assertThat(fixture.states.pauseOf(Destinations.DEFAULT))
                .hasValueSatisfying(pause -> assertThat(pause.reason()).contains("AccessDenied"));
        network.mend();
        runToTheEnd(upload);
        assertThat(fixture.states.pauseOf(Destinations.DEFAULT)).isEmpty();
    }

    private void runToTheEnd(Upload upload) {
        DeliveryTask task = fixture.task();
        Optional<Instant> next = task.run(upload.id());
        for (int runs = 0; next.isPresent(); runs++) {
            assertThat(runs).as("attempts").isLessThan(MOST_RUNS);
            clock.pass(Duration.between(clock.instant(), next.get()));
            next = task.run(upload.id());
        }
        if (fixture.state(upload.id()) == UploadState.FAILED) {
            assertThat(fixture.column(upload.id(), "last_error")).isNotNull();
            assertThat(fixture.deliveries.retry(upload.id(), null)).isTrue();
            DeliveryFixture.runToTheEnd(task, upload.id());
        }
    }

    private void assertDeliveredOnce(Upload upload, byte[] bytes, boolean leftoversAllowed) throws Exception {
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.row(upload.id()).sha256()).isEqualTo(DeliveryTaskContract.sha256(bytes));
        assertThat(fixture.isStaged(upload)).isFalse();
        assertThat(network.writes()).as("objects made").isEqualTo(1);
        if (!leftoversAllowed) {
            assertThat(multiparts(upload)).as("multipart uploads").isEmpty();
        }
        assertThat(keys(upload)).containsExactly(key(upload));
        var object = s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key(upload)));
        GetObjectResponse head = object.response();
        assertThat(object.asByteArray()).isEqualTo(bytes);
        assertThat(head.metadata())
                .containsEntry("narwhal-upload-id", upload.id().value());
        assertThat(head.contentDisposition()).isEqualTo("attachment; filename=\"file.bin\"");
        assertThat(fixture.deliveries.location(upload.id()))
                .hasValueSatisfying(location -> assertThat(location.key()).isEqualTo(key(upload)));
        s3.deleteObject(r -> r.bucket(BUCKET).key(key(upload)));
    }

    private static String key(Upload upload) {
        return "uploads/" + upload.id() + "/file.bin";
    }

    private List<String> keys(Upload upload) {
        return s3.listObjectsV2(r -> r.bucket(BUCKET).prefix("uploads/" + upload.id())).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private List<String> multiparts(Upload upload) {
        return s3.listMultipartUploads(r -> r.bucket(BUCKET)).uploads().stream()
                .filter(multipart -> multipart.key().equals(key(upload)))
                .map(multipart -> multipart.uploadId())
                .toList();
    }
}
