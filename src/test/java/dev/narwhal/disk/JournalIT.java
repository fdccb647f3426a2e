package dev.narwhal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
class JournalIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    @Test
    void requireAlive_ofADeadExt4_fails() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.EXT4, dir, 32)) {
            Journal journal = Journal.of(disk.root());
            assertThat(journal).isNotSameAs(Journal.NONE);
            journal.requireAlive();
            disk.die();
            assertThatThrownBy(journal::requireAlive).isInstanceOf(IOException.class);
        }
    }

    @Test
    void of_aFullDisk_isAskedInVainForNothing() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.EXT4, dir, 32)) {
            Journal journal = Journal.of(disk.root());
            disk.fill(0);
            journal.requireAlive();
        }
    }

    @Test
    void of_anotherFileSystem_isNotAsked() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.TMPFS, dir, 4)) {
            assertThat(Journal.of(disk.root())).isSameAs(Journal.NONE);
        }
    }
}
