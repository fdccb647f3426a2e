package dev.narwhal.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HeldLockTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    @EnabledOnOs(OS.LINUX)
    void on_sameFile_isTheSameLock() throws IOException {
        Path file = Files.createFile(directory.resolve(".lock"));
        HeldLock lock = HeldLock.on(file);

        assertThat(lock.bootId()).isNotBlank();
        assertThat(HeldLock.on(Files.writeString(file, "4711")).isSameAs(lock)).isTrue();
        assertThat(HeldLock.on(Files.move(file, directory.resolve("moved"))).isSameAs(lock))
                .isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void on_copy_isAnotherLock() throws IOException {
        Path file = Files.createFile(directory.resolve(".lock"));
        Path copy = Files.copy(file, directory.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);

        assertThat(HeldLock.on(copy).isSameAs(HeldLock.on(file))).isFalse();
        assertThat(HeldLock.on(copy).isOnAnotherFileThan(HeldLock.on(file))).isTrue();
    }

    @Test
    void anotherBoot_isAnotherLock_andSaysNothingOfDevices() {
        HeldLock before = new HeldLock("boot-1", 8L, 12L);

        assertThat(new HeldLock("boot-2", 8L, 12L).isSameAs(before)).isFalse();
        assertThat(new HeldLock("boot-2", 9L, 12L).isOnAnotherFileThan(before)).isFalse();
        assertThat(new HeldLock("boot-1", 9L, 12L).isOnAnotherFileThan(before)).isTrue();
        assertThat(new HeldLock("boot-2", 8L, 13L).isOnAnotherFileThan(before)).isTrue();
    }

    @Test
    void platformThatDoesNotTell_isNeverTheSame_norSurelyAnother() {
        HeldLock unknown = new HeldLock(null, null, null);

        assertThat(unknown.isSameAs(unknown)).isFalse();
        assertThat(new HeldLock("boot-1", null, null).isSameAs(new HeldLock("boot-1", null, null)))
                .isFalse();
        assertThat(unknown.isOnAnotherFileThan(new HeldLock("boot-1", 8L, 12L))).isFalse();
    }
}
