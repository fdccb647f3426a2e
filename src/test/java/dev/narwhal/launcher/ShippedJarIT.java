package dev.narwhal.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one process of the ordinary build; what else happens to processes is tested by {@code -Pprocess}. */
class ShippedJarIT {

    private static final int LENGTH = 3_000_000;
    private static final int ACKNOWLEDGED = 1_000_000;

    @TempDir
    private Path directory;

    @Test
    void upload_serverKilledInBetween_goesOnAndIsDelivered() throws Exception {
        byte[] content = new byte[LENGTH];
        new Random(LENGTH).nextBytes(content);
        Path file = Files.write(directory.resolve("content"), content);
        try (NarwhalProcess server = NarwhalProcess.startShipped(directory.resolve("data"));
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), LENGTH, "file.bin");
            assertThat(tus.patch(upload, 0, Arrays.copyOf(content, ACKNOWLEDGED))
                            .statusCode())
                    .isEqualTo(204);

            server.kill();
            server.restart();
            tus.reconnect();

            assertThat(tus.offset(upload)).isEqualTo(ACKNOWLEDGED);
            assertThat(tus.patch(upload, ACKNOWLEDGED, Arrays.copyOfRange(content, ACKNOWLEDGED, LENGTH))
                            .statusCode())
                    .isEqualTo(204);
            DeliveredFiles.in(server.delivered()).assertHolds(upload, file);
        }
    }
}
