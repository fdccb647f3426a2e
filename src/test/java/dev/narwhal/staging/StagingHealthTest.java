package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class StagingHealthTest {

    private static final long RESERVE = 1000;

    @TempDir
    private Path root;

    private final AtomicLong free = new AtomicLong(RESERVE + 1);

    private StagingHealth health() throws IOException {
        SpaceBudget space = new SpaceBudget(free::get, RESERVE, System::nanoTime);
        return new StagingHealth(root, StagingVolume.idOf(root), space);
    }

    @Test
    void health_roomAboveTheReserve_isUp() throws IOException {
        Health health = health().health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("free", RESERVE + 1).containsEntry("reserve", RESERVE);
    }

    @Test
    void health_onlyTheReserveLeft_isDegraded() throws IOException {
        StagingHealth health = health();
        free.set(RESERVE);

        assertThat(health.health().getStatus()).isEqualTo(StagingHealth.DEGRADED);
        free.set(RESERVE + 1);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void health_volumeNotMounted_isDown() throws IOException {
        StagingHealth health = health();
        Files.move(root.resolve(".volume"), root.resolve("elsewhere"));

        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void health_anotherVolumeMounted_isDown() throws IOException {
        StagingHealth health = health();
        Files.writeString(root.resolve(".volume"), "0".repeat(32) + "\n");

        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    }
}
