package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DestinationContract;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.TestContent;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.s3.S3Properties.BodySigning;
import dev.narwhal.testkit.OwnCertificate;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** How the S3 destination comes to its store: whom it trusts, and as whom it asks. */
class S3ConnectionIT {

    private static final String BUCKET = "deliveries";
    private static final int LENGTH = 2 * DestinationContract.PART + 1;

    @TempDir
    private Path directory;

    private final Signatures signatures = new Signatures();
    private final S3Wire wire = new S3Wire();
    private final List<S3Proxy> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (S3Proxy store : started) {
            store.stop();
        }
    }

    private S3Proxy start(UnaryOperator<S3Proxy.Builder> more) throws Exception {
        S3Proxy store = more.apply(S3Proxy.builder()
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .blobStore(BlobStores.create("transient-nio2", new Properties()))
                        .ignoreUnknownHeaders(true))
                .build();
        store.start();
        started.add(store);
        return store;
    }

    private static UnaryOperator<S3Proxy.Builder> signed() {
        return proxy ->
                proxy.awsAuthentication(AuthenticationType.AWS_V4, S3Settings.ACCESS_KEY, S3Settings.SECRET_KEY);
    }

    private static URI plain(S3Proxy store) {
        return URI.create("http://127.0.0.1:" + store.getPort());
    }

    /** One object by one request and one in parts; made, delivered and read. */
    private void deliverBoth(S3Properties settings) throws Exception {
        S3ClientBuilder writer = new S3Clients(S3Settings.PREFIX, settings).writerBuilder(4);
        writer.overrideConfiguration(writer.overrideConfiguration().toBuilder()
                .addExecutionInterceptor(signatures)
                .addExecutionInterceptor(wire)
                .build());
        S3Client reader = new S3Clients(S3Settings.PREFIX, settings).reader(4);
        new S3Clients(S3Settings.PREFIX, settings).requireBucket(reader, BUCKET);
        try (PartBudget budget = new PartBudget(4);
                S3Destination destination =
                        new S3Destination(S3Settings.PREFIX, writer.build(), reader, BUCKET, settings, budget)) {
            for (int length : new int[] {10, LENGTH}) {
                DeliveryJob job = job(length);
                TestContent content = TestContent.random(length);

                destination.deliver(job, content, new MemoryJournal());

                try (InputStream stored = destination.read(job.key(), 0, length)) {
                    assertThat(stored.readAllBytes()).isEqualTo(content.bytes());
                }
            }
        }
    }

    private static DeliveryJob job(int length) {
        String id = DestinationContract.newId();
        PartPlan plan = new PartPlan(length, DestinationContract.PART);
        return new DeliveryJob(id, id + "/file", plan, "text/plain", "file", Map.of(), OnConflict.FAIL, 1);
    }

    @Test
    void storeWithACertificateOfItsOwn_isTrustedByItsFile() throws Exception {
        OwnCertificate certificate = OwnCertificate.in(directory);
        URI secure = startSecure(certificate);

        deliverBoth(trusting(certificate, secure).bind());

        S3Properties untrusting = S3Settings.of(BUCKET, secure).bind();
        try (PartBudget budget = new PartBudget(4);
                S3Destination stranger = new S3Destination(
                        S3Settings.PREFIX,
                        new S3Clients(S3Settings.PREFIX, untrusting).writer(4),
                        new S3Clients(S3Settings.PREFIX, untrusting).reader(4),
                        BUCKET,
                        untrusting,
                        budget)) {
            assertThatExceptionOfType(DestinationException.class)
                    .isThrownBy(() -> stranger.deliver(job(10), TestContent.random(10), new MemoryJournal()))
                    .withMessageContaining("certif");
        }
    }

    private URI startSecure(OwnCertificate certificate) throws Exception {
        S3Proxy store = start(proxy -> signed().apply(proxy)
                .secureEndpoint(URI.create("https://127.0.0.1:0"))
                .keyStore(certificate.keyStore().toString(), certificate.password()));
        return URI.create("https://127.0.0.1:" + store.getSecurePort());
    }

    private static S3Settings trusting(OwnCertificate certificate, URI store) throws Exception {
        return S3Settings.of(BUCKET, store)
                .with("create-bucket", "true")
                .with("ca-certificate", certificate.pem().toString());
    }

    @ParameterizedTest
    @EnumSource
    void overHttps_noBodyIsSigned(BodySigning setting) throws Exception {
        OwnCertificate certificate = OwnCertificate.in(directory);
        S3Settings settings = trusting(certificate, startSecure(certificate));

        deliverBoth(settings.with("body-signing", setting.name()).bind());

        assertThat(wire.bodyHashes).hasSize(4).containsOnly("UNSIGNED-PAYLOAD");
    }

    @Test
    void anonymous_signsNothing() throws Exception {
        S3Proxy store = start(proxy -> proxy.awsAuthentication(AuthenticationType.NONE, null, null));

        deliverBoth(S3Settings.of(BUCKET, plain(store))
                .without("access-key")
                .without("secret-key")
                .with("anonymous", "true")
                .with("create-bucket", "true")
                .bind());

        assertThat(signatures.seen).isNotEmpty().containsOnly("");
    }

    /** An object that has more in its headers than we read will have it the next time, too. */
    @Test
    void headOfTheObjectIsTooLong_isFinal() throws Exception {
        HttpServer store = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        AtomicInteger looks = new AtomicInteger();
        store.createContext("/", exchange -> {
            looks.incrementAndGet();
            exchange.getResponseHeaders().add("Content-Disposition", "attachment; filename=" + "x".repeat(9000));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        store.start();
        URI endpoint = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
        S3Properties settings = S3Settings.of(BUCKET, endpoint).bind();
        try (PartBudget budget = new PartBudget(4);
                S3Destination destination = new S3Destination(
                        S3Settings.PREFIX,
                        new S3Clients(S3Settings.PREFIX, settings).writer(4),
                        new S3Clients(S3Settings.PREFIX, settings).reader(4),
                        BUCKET,
                        settings,
                        budget)) {
            DestinationException failure = DestinationContract.failureOf(() -> destination.deliver(
                    DestinationContract.again(job(10)), TestContent.random(10), new MemoryJournal()));

            assertThat(failure.failure()).isEqualTo(Failure.FINAL);
            assertThat(looks).hasValue(1);
        } finally {
            store.stop(0);
        }
    }

    /** The first of the chain: two system properties. */
    @Test
    void withoutKeys_thoseOfTheDefaultChainAreTaken() throws Exception {
        S3Proxy store = start(signed());
        System.setProperty("aws.accessKeyId", S3Settings.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Settings.SECRET_KEY);
        try {
            deliverBoth(S3Settings.of(BUCKET, plain(store))
                    .without("access-key")
                    .without("secret-key")
                    .with("create-bucket", "true")
                    .bind());
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }

        assertThat(signatures.seen).isNotEmpty().allMatch(header -> header.contains(S3Settings.ACCESS_KEY));
    }

    private static final class Signatures implements ExecutionInterceptor {

        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            seen.add(context.httpRequest().firstMatchingHeader("Authorization").orElse(""));
        }
    }
}
