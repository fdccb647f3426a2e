package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.narwhal.staging.FaultyDisk.Kind;
import dev.narwhal.staging.FaultyDisk.Operation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingProbeTest {

    private final FaultyDisk disk = new FaultyDisk();

    @TempDir
    private Path directory;

    @Test
    void syncedWrites_eachIsSyncedBeforeTheNext() throws Exception {
        try (StagingProbe trial = StagingProbe.in(directory, disk)) {
            assertThat(trial.syncedWrites(3)).hasSize(3).isSorted();
        }

        assertThat(disk.operations())
                .extracting(Operation::kind)
                .containsExactly(Kind.WRITE, Kind.SYNC, Kind.WRITE, Kind.SYNC, Kind.WRITE, Kind.SYNC);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void syncedWrites_syncThatFails_isTold() throws Exception {
        try (StagingProbe trial = StagingProbe.in(directory, disk)) {
            disk.breakWith(FaultyDisk.failing(Kind.SYNC, "lost"));

            assertThatIOException().isThrownBy(() -> trial.syncedWrites(1)).withMessageContaining("lost");
        }

        assertThat(directory).isEmptyDirectory();
    }
}
