package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;

import dev.narwhal.access.Caller;
import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An upload that has nothing yet, and clients that send to it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class OneUpload {

    static final int LENGTH = 100;

    @TempDir
    Path folder;

    IngestFixture ingest;
    Upload upload;

    @BeforeEach
    void begin() throws IOException {
        ingest = new IngestFixture(folder);
        ingest.bodies.start();
        upload = ingest.create(length());
    }

    @AfterEach
    void end() {
        ingest.close();
    }

    /** As it is declared by the creation; null for one that is declared later. */
    @Nullable
    Long length() {
        return (long) LENGTH;
    }

    /** Runs on a thread of its own; a failure is the cause of the future's exception. */
    CompletableFuture<Upload> receive(FedBody body, Verification verification) {
        return receive(ANYBODY, body, verification);
    }

    CompletableFuture<Upload> receive(Caller caller, FedBody body, Verification verification) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (AppendSession session = ingest.appender.open(caller, upload.id())) {
                        return session.receive(body, LENGTH, verification);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }
}
