package dev.narwhal.destination.s3;

import dev.narwhal.destination.Destination;
import dev.narwhal.destination.TestContent;
import dev.narwhal.destination.parts.ObjectStoreContract;
import dev.narwhal.destination.parts.PartBudget;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** A bucket of a store that runs, and what goes over the wire to it. */
abstract class S3Fixture extends ObjectStoreContract {

    static final String BUCKET = "deliveries";

    final S3Wire wire = new S3Wire();
    private final PartBudget budget = new PartBudget(4);
    private S3Destination destination;

    abstract URI endpoint();

    static void makeBucket(URI endpoint) {
        S3Properties settings =
                S3Settings.of(BUCKET, endpoint).with("create-bucket", "true").bind();
        try (S3Client client = new S3Clients(S3Settings.PREFIX, settings).reader(2)) {
            new S3Clients(S3Settings.PREFIX, settings).requireBucket(client, BUCKET);
        }
    }

    @BeforeEach
    void open() {
        destination = destination(settings(BUCKET, S3Settings.SECRET_KEY));
    }

    @AfterEach
    void close() {
        destination.close();
        budget.close();
    }

    S3Properties settings(String bucket, String secretKey) {
        return S3Settings.of(bucket, endpoint())
                .with("secret-key", secretKey)
                .with("create-bucket", "true")
                .bind();
    }

    S3Destination destination(S3Properties settings) {
        S3ClientBuilder writer = new S3Clients(S3Settings.PREFIX, settings).writerBuilder(20);
        writer.overrideConfiguration(writer.overrideConfiguration().toBuilder()
                .addExecutionInterceptor(wire)
                .build());
        return new S3Destination(
                S3Settings.PREFIX,
                writer.build(),
                new S3Clients(S3Settings.PREFIX, settings).reader(20),
                String.valueOf(settings.bucket()),
                settings,
                budget);
    }

    S3Client client() {
        return new S3Clients(S3Settings.PREFIX, settings(BUCKET, S3Settings.SECRET_KEY)).reader(5);
    }

    @Override
    protected Destination destination() {
        return destination;
    }

    @Override
    protected TestContent content(int length) {
        return TestContent.random(length);
    }

    @Override
    protected void plant(String key, byte[] bytes) {
        try (S3Client client = client()) {
            client.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
        }
    }

    @Override
    protected List<String> leftovers() {
        return multiparts().stream()
                .filter(upload -> upload.key().contains(uploadId))
                .map(MultipartUpload::uploadId)
                .toList();
    }

    List<MultipartUpload> multiparts() {
        try (S3Client client = client()) {
            return client.listMultipartUploads(r -> r.bucket(BUCKET)).uploads();
        }
    }

    @Override
    protected List<Integer> sentParts() {
        return wire.sentParts;
    }

    @Override
    protected void loseTheAnswerThatMakes(int length) {
        wire.loseAnswersOf(length > PART ? CompleteMultipartUploadRequest.class : PutObjectRequest.class, 1);
    }

    @Override
    protected void failLooks() {
        wire.failLooks = true;
    }

    @Override
    protected void forget() {
        wire.forget();
    }

    HeadObjectResponse head(String key) {
        try (S3Client client = client()) {
            return client.headObject(r -> r.bucket(BUCKET).key(key));
        }
    }

    /** A defect of S3Mock: aborting a multipart upload removes whatever is under its key. */
    boolean abortTakesTheObjectToo() {
        return false;
    }

    void beginAnother(String key) {
        try (S3Client client = client()) {
            client.createMultipartUpload(r -> r.bucket(BUCKET).key(key));
        }
    }
}
