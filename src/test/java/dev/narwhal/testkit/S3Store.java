package dev.narwhal.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 server in this process that keeps its objects in a directory, and a client that looks into it. */
public final class S3Store implements AutoCloseable {

    public static final String BUCKET = "deliveries";

    private final S3Proxy store;
    private final S3Client client;

    private S3Store(S3Proxy store) {
        this.store = store;
        this.client = S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
                .build();
    }

    public static S3Store start(Path directory) throws Exception {
        Properties properties = new Properties();
        properties.setProperty(
                "jclouds.filesystem.basedir", Files.createDirectories(directory).toString());
        S3Proxy store = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .ignoreUnknownHeaders(true)
                .build();
        store.start();
        return new S3Store(store);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + store.getPort());
    }

    public S3Client client() {
        return client;
    }

    /** What a server needs to deliver here; it makes the bucket. */
    public List<String> settings() {
        return List.of(
                "--narwhal.destination.type=s3",
                "--narwhal.destination.s3.bucket=" + BUCKET,
                "--narwhal.destination.s3.create-bucket=true",
                "--narwhal.destination.s3.endpoint=" + endpoint(),
                "--narwhal.destination.s3.path-style=true",
                "--narwhal.destination.s3.access-key=access",
                "--narwhal.destination.s3.secret-key=secret");
    }

    /** Objects; this store lists what a multipart upload keeps as keys, too. */
    public List<String> keys() {
        return client.listObjectsV2Paginator(r -> r.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    public List<MultipartUpload> multiparts() {
        return client.listMultipartUploads(r -> r.bucket(BUCKET)).uploads();
    }

    public int partsOf(MultipartUpload multipart) {
        return client.listParts(r -> r.bucket(BUCKET).key(multipart.key()).uploadId(multipart.uploadId()))
                .parts()
                .size();
    }

    public byte[] bytes(String key) {
        return client.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArray();
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            store.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
