package dev.narwhal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What the directory destination has received, under the default key template {@code uploads/{id}/{filename}}. */
public record DeliveredFiles(Path root) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static DeliveredFiles in(Path root) {
        return new DeliveredFiles(root);
    }

    /** Waits until the upload's one file is there, and compares every byte. */
    public void assertHolds(URI upload, Path expected) {
        Path file = await(upload);
        try {
            assertThat(Files.mismatch(file, expected))
                    .as("first byte that differs")
                    .isEqualTo(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the upload's file. */
    public Path await(URI upload) {
        String path = upload.getPath();
        String id = path.substring(path.lastIndexOf('/') + 1);
        Awaitility.await("delivery of " + id)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> files(id).size() == 1);
        return files(id).getFirst();
    }

    private List<Path> files(String id) {
        Path dir = root.resolve("uploads").resolve(id);
        if (!Files.isDirectory(dir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
