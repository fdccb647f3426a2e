package dev.narwhal.bench;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The store, given or started (S3Proxy on a directory, in a process of its own), and a plain client of it. */
final class ObjectStore implements AutoCloseable {

    private static final long PART = 16L << 20;
    private static final int IN_FLIGHT = 8;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Arguments arguments;
    private final URI endpoint;
    private final String bucket;
    private final Process process;
    private final S3Client client;
    private final ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT);

    private ObjectStore(Arguments arguments, URI endpoint, Process process) {
        this.arguments = arguments;
        this.endpoint = endpoint;
        this.bucket = arguments.bucket();
        this.process = process;
        this.client = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(2 * IN_FLIGHT))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(arguments.accessKey(), arguments.secretKey())))
                .build();
    }

    static ObjectStore of(Arguments arguments, Path scratch) throws Exception {
        if (arguments.endpoint() != null) {
            ObjectStore store = new ObjectStore(arguments, arguments.endpoint(), null);
            store.makeBucket();
            return store;
        }
        int port = freePort();
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        Process process = startS3Proxy(arguments, scratch, endpoint);
        ObjectStore store = new ObjectStore(arguments, endpoint, process);
        store.makeBucket();
        return store;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Process startS3Proxy(Arguments arguments, Path scratch, URI endpoint) throws IOException {
        return Scratch.start(
                scratch.resolve("s3proxy.log"),
                List.of(
                        Scratch.java(),
                        "-Xmx2g",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        LocalStore.class.getName(),
                        endpoint.toString(),
                        arguments.accessKey(),
                        arguments.secretKey(),
                        Files.createDirectories(scratch.resolve("s3")).toString()));
    }

    /** It may still be starting. */
    private void makeBucket() throws InterruptedException {
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                client.createBucket(r -> r.bucket(bucket));
                return;
            } catch (S3Exception e) {
                if (e.statusCode() == 409) {
                    return;
                }
                throw e;
            } catch (SdkException e) {
                if (System.nanoTime() > limit || process != null && !process.isAlive()) {
                    throw e;
                }
                Thread.sleep(Duration.ofMillis(200));
            }
        }
    }

    List<String> settings() {
        return List.of(
                "--narwhal.destination.type=s3",
                "--narwhal.destination.key-template=uploads/{id}",
                "--narwhal.destination.s3.bucket=" + bucket,
                "--narwhal.destination.s3.endpoint=" + endpoint,
                "--narwhal.destination.s3.path-style=true",
                "--narwhal.destination.s3.access-key=" + arguments.accessKey(),
                "--narwhal.destination.s3.secret-key=" + arguments.secretKey());
    }

    /**
     * A multipart upload as a program without a server in between does it.
     *
     * @return seconds until the last part was there
     */
    double upload(Path file, String key) throws Exception {
        long begin = System.nanoTime();
        String id = client.createMultipartUpload(r -> r.bucket(bucket).key(key)).uploadId();
        long size = Files.size(file);
        List<Future<CompletedPart>> parts = new ArrayList<>();
        for (int number = 1; (number - 1) * PART < size; number++) {
            int next = number;
            parts.add(threads.submit(() -> send(file, key, id, next, Math.min(PART, size - (next - 1) * PART))));
        }
        List<CompletedPart> sent = new ArrayList<>();
        for (Future<CompletedPart> part : parts) {
            sent.add(part.get());
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        client.completeMultipartUpload(
                r -> r.bucket(bucket).key(key).uploadId(id).multipartUpload(m -> m.parts(sent)));
        return seconds;
    }

    private CompletedPart send(Path file, String key, String id, int number, long size) {
        var answer = client.uploadPart(
                r -> r.bucket(bucket).key(key).uploadId(id).partNumber(number),
                RequestBody.fromContentProvider(
                        () -> open(file, (number - 1) * PART), size, "application/octet-stream"));
        return CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build();
    }

    private static InputStream open(Path file, long position) {
        try {
            FileInputStream stream = new FileInputStream(file.toFile());
            stream.getChannel().position(position);
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the program has to know is in its environment: FILE, ENDPOINT, BUCKET, KEY and the AWS credentials. */
    void uploadBy(String program, Path file, String key) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", program)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "FILE", file.toString(),
                        "ENDPOINT", endpoint.toString(),
                        "BUCKET", bucket,
                        "KEY", key,
                        "AWS_REGION", Region.US_EAST_1.id(),
                        "AWS_DEFAULT_REGION", Region.US_EAST_1.id(),
                        "AWS_ACCESS_KEY_ID", arguments.accessKey(),
                        "AWS_SECRET_ACCESS_KEY", arguments.secretKey()));
        int status = builder.start().waitFor();
        if (status != 0 || !has(key)) {
            throw new IOException(
                    "Ended with " + status + ", and the object is " + (has(key) ? "there: " : "not there: ") + program);
        }
    }

    boolean has(String key) {
        try {
            client.headObject(r -> r.bucket(bucket).key(key));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    void delete(String key) {
        client.deleteObject(r -> r.bucket(bucket).key(key));
    }

    @Override
    public void close() throws InterruptedException, ExecutionException {
        threads.shutdownNow();
        client.close();
        if (process != null) {
            Scratch.stop(process);
        }
    }
}
