package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.upload.UploadKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The real server, and beside it what it has to remember: one sequence of requests, and its own uploads only. */
final class ModelledServer {

    private static final int CREATED = 201;
    private static final int OK = 200;

    static final String OFFSET_TYPE = "application/offset+octet-stream";

    final NarwhalProcess server;
    final List<ModelledUpload> uploads = new ArrayList<>();

    private final PlainTus tus;
    private final AtomicInteger crashes;
    private final Random contents = new Random(1);
    private int names;

    /** @param crashes counted on */
    ModelledServer(NarwhalProcess server, PlainTus tus, AtomicInteger crashes) {
        this.crashes = crashes;
        this.server = server;
        this.tus = tus;
    }

    /** Names and values of headers, to which more can be added. */
    static List<String> list(String... namesAndValues) {
        return new ArrayList<>(List.of(namesAndValues));
    }

    /** The upload of that number, counted round. */
    ModelledUpload pick(int number) {
        return uploads.get(number % uploads.size());
    }

    HttpResponse<byte[]> send(String method, URI url, byte[] body, List<String> headers) {
        try {
            return tus.request(method, url, body, headers);
        } catch (IOException e) {
            throw new AssertionError(method + " " + url + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    String newMetadata() {
        String name = "file" + names++ + ".bin";
        return "filename " + Base64.getEncoder().encodeToString(name.getBytes(UTF_8));
    }

    byte[] newBytes(int size) {
        byte[] bytes = new byte[size];
        contents.nextBytes(bytes);
        return bytes;
    }

    /** SIGKILL, and a new start. */
    void crash() {
        crashes.incrementAndGet();
        server.kill();
        tus.reconnect();
        try {
            server.restart();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What HEAD tells. */
    long offset(ModelledUpload upload) {
        HttpResponse<byte[]> answer = send("HEAD", upload.url, new byte[0], List.of());
        assertStatus(answer, OK);
        return Long.parseLong(header(answer, "Upload-Offset"));
    }

    /** Said of what is unfinished, and of nothing else. */
    void assertExpires(HttpResponse<byte[]> answer, ModelledUpload upload) {
        assertThat(answer.headers().firstValue("Upload-Expires").isPresent())
                .as("Upload-Expires of %s", upload)
                .isEqualTo(!upload.isComplete());
    }

    /** Adds what a 201 has made. */
    ModelledUpload created(HttpResponse<byte[]> answer, boolean partial, @Nullable Long length, String metadata) {
        assertStatus(answer, CREATED);
        return located(answer, partial, length, metadata);
    }

    /** A creation whose body was refused has made the upload all the same. */
    ModelledUpload located(HttpResponse<byte[]> answer, boolean partial, @Nullable Long length, String metadata) {
        ModelledUpload upload = ModelledUpload.of(location(answer), partial, length, metadata);
        uploads.add(upload);
        return upload;
    }

    URI location(HttpResponse<byte[]> answer) {
        URI location = server.uploads().resolve(header(answer, "Location"));
        assertThat(uploads).as("new Location").noneMatch(upload -> upload.url.equals(location));
        return location;
    }

    static void assertStatus(HttpResponse<byte[]> answer, int... allowed) {
        assertThat(allowed)
                .as(() -> "status of " + answer.request() + ": " + text(answer))
                .contains(answer.statusCode());
        assertThat(header(answer, "Tus-Resumable")).isEqualTo("1.0.0");
    }

    static void assertCode(HttpResponse<byte[]> answer, int status, String code) {
        assertStatus(answer, status);
        assertThat(text(answer)).contains("\"" + code + "\"");
    }

    /** @param value null when the answer must not have it */
    static void assertHeader(HttpResponse<byte[]> answer, String name, @Nullable Object value) {
        assertThat(answer.headers().allValues(name))
                .as(name)
                .isEqualTo(value == null ? List.of() : List.of(value.toString()));
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow(() -> new AssertionError("No " + name + " in " + answer));
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }

    /** Every upload is what the model says, whatever the last request was about. */
    void assertAsModelled() {
        uploads.forEach(this::assertHead);
    }

    private void assertHead(ModelledUpload upload) {
        HttpResponse<byte[]> answer = send("HEAD", upload.url, new byte[0], List.of());
        if (upload.isGone()) {
            assertStatus(answer, 404);
            return;
        }
        assertStatus(answer, OK);
        boolean shown = upload.kind != UploadKind.FINAL || upload.isComplete();
        assertHeader(answer, "Upload-Offset", shown ? upload.content().length : null);
        assertHeader(answer, "Upload-Length", upload.length());
        assertHeader(answer, "Upload-Defer-Length", upload.length() == null ? "1" : null);
        assertHeader(answer, "Upload-Metadata", upload.metadata);
        assertHeader(answer, "Upload-Concat", upload.concat);
        assertHeader(answer, "Cache-Control", "no-store");
    }

    void assertDownload(ModelledUpload upload) {
        HttpResponse<byte[]> answer = send("GET", upload.url, new byte[0], List.of());
        if (upload.isGone()) {
            assertCode(answer, 404, "UPLOAD_NOT_FOUND");
        } else if (upload.isComplete()) {
            assertStatus(answer, 200);
            assertThat(answer.body()).isEqualTo(upload.content());
        } else {
            assertCode(answer, 409, "UPLOAD_NOT_FINISHED");
        }
    }

    /** What is whole is delivered, with every byte, and once. */
    void assertDelivered(Path folder) {
        Predicate<ModelledUpload> isDelivered =
                upload -> upload.kind != UploadKind.PARTIAL && upload.isComplete() && !upload.isGone();
        for (ModelledUpload upload : uploads.stream().filter(isDelivered).toList()) {
            try {
                Path expected = Files.write(folder.resolve("expected"), upload.content());
                DeliveredFiles.in(server.delivered()).assertHolds(upload.url, expected);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public String toString() {
        return uploads.toString();
    }
}
