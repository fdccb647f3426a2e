package dev.narwhal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A data directory with its own database, which may be a copy. */
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedVolumeIT {

    private static VolumeRow process(long incarnation, HeldLock lock) {
        return new VolumeRow("volume-1", "somewhere", incarnation, 4711, lock, 1, true);
    }

    @Test
    void remember_ofACopy_warnsOnce_andWaitsForNobody(@TempDir Path directory, CapturedOutput output) {
        try (TestDatabase database = TestDatabase.h2(directory)) {
            VolumeRepository volumes = new VolumeRepository(database.jdbc(), database.committer(), Clock.systemUTC());
            HeldLock lock = new HeldLock("boot-1", 8L, 12L);
            VolumeRow first = process(1, lock);
            EmbeddedVolume.remember(volumes, first);
            EmbeddedVolume.remember(volumes, process(2, lock));
            assertThat(volumes.find("volume-1")).as("no statement but a look").contains(first);

            EmbeddedVolume.remember(volumes, process(3, new HeldLock("boot-2", 9L, 12L)));
            assertThat(output).as("a boot").doesNotContain("volume.copied");

            HeldLock copy = new HeldLock("boot-2", 9L, 13L);
            EmbeddedVolume.remember(volumes, process(4, copy));
            assertThat(output).containsOnlyOnce("volume.copied volume=volume-1");
            EmbeddedVolume.remember(volumes, process(5, copy));
            assertThat(output).containsOnlyOnce("volume.copied");
            assertThat(volumes.nextIncarnation()).isLessThan(volumes.nextIncarnation());
        }
    }
}
