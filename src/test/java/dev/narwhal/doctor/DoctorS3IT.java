package dev.narwhal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The doctor and an object store that checks signatures. */
@Tag("process")
class DoctorS3IT {

    private static final String BUCKET = "deliveries";

    private static S3Proxy proxy;
    private static S3Client client;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .blobStore(BlobStores.create("transient-nio2", new Properties()))
                .ignoreUnknownHeaders(true)
                .build();
        proxy.start();
        client = S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        proxy.stop();
    }

    private static URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    @Test
    void store_thatIsWell_isDeliveredToAndLeftEmpty() throws Exception {
        JarCommand doctor = doctor(BUCKET, "secret", endpoint());

        assertThat(doctor.status()).isZero();
        assertThat(doctor.finding("destination: deliver")).startsWith("OK ").contains("s3://" + BUCKET);
        assertThat(doctor.finding("destination: read back")).startsWith("OK ");
        assertThat(doctor.finding("destination: remove")).startsWith("OK ");
        assertThat(doctor.finding("clock")).matches("OK [0-9]+ s (behind|ahead of) 127.0.0.1");
        assertThat(client.listObjectsV2(request -> request.bucket(BUCKET)).contents())
                .isEmpty();
    }

    @Test
    void wrongSecret_fails_andIsNotShown() throws Exception {
        JarCommand doctor = doctor(BUCKET, "hunter2", endpoint());

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("destination: deliver")).startsWith("FAIL ").contains("403");
        assertThat(doctor.out()).doesNotContain("hunter2");
    }

    @Test
    void missingBucket_fails() throws Exception {
        JarCommand doctor = doctor("nowhere", "secret", endpoint());

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("destination")).startsWith("FAIL There is no bucket 'nowhere'");
    }

    @Test
    void missingBucketThatTheServerMakes_isNotMadeByTheDoctor() throws Exception {
        JarCommand doctor = doctor("later", "secret", endpoint(), "--narwhal.destination.s3.create-bucket=true");

        assertThat(doctor.status()).isZero();
        assertThat(doctor.finding("destination")).startsWith("WARN there is no bucket 'later' yet");
        assertThat(client.listBuckets().buckets())
                .extracting(bucket -> bucket.name())
                .containsExactly(BUCKET);
    }

    @Test
    void destinationsWithANameOfTheirOwn_areLookedAtEach() throws Exception {
        JarCommand doctor = JarCommand.run(
                directory,
                "doctor",
                "--json",
                "--narwhal.destinations.archive.type=s3",
                "--narwhal.destinations.archive.s3.bucket=later",
                "--narwhal.destinations.archive.s3.endpoint=" + endpoint(),
                "--narwhal.destinations.archive.s3.path-style=true",
                "--narwhal.destinations.archive.s3.access-key=access",
                "--narwhal.destinations.archive.s3.secret-key=secret",
                "--narwhal.destinations.archive.s3.create-bucket=true",
                "--narwhal.destinations.local.directory.path=" + directory.resolve("local"),
                "--narwhal.destinations.local.key-template=a/b/{id}");

        assertThat(doctor.status()).isZero();
        assertThat(doctor.finding("destination: deliver")).startsWith("OK ");
        assertThat(doctor.finding("destination archive")).startsWith("WARN there is no bucket 'later' yet");
        assertThat(doctor.finding("destination local: deliver")).startsWith("OK 'a/b/narwhal-doctor-");
        assertThat(client.listBuckets().buckets())
                .extracting(bucket -> bucket.name())
                .containsExactly(BUCKET);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void storeThatIsAway_fails() throws Exception {
        JarCommand doctor = doctor(BUCKET, "secret", URI.create("http://127.0.0.1:1"));

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("destination: deliver")).startsWith("FAIL ");
        assertThat(doctor.finding("clock")).isEmpty();
    }

    private JarCommand doctor(String bucket, String secret, URI endpoint, String... more) throws Exception {
        String[] settings = {
            "doctor",
            "--json",
            "--narwhal.destination.type=s3",
            "--narwhal.destination.s3.bucket=" + bucket,
            "--narwhal.destination.s3.endpoint=" + endpoint,
            "--narwhal.destination.s3.path-style=true",
            "--narwhal.destination.s3.access-key=access",
            "--narwhal.destination.s3.secret-key=" + secret,
            more.length == 0 ? "--server.port=0" : more[0],
        };
        return JarCommand.run(directory, settings);
    }
}
