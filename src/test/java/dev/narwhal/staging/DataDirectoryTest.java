package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    private Path parent;

    @Test
    void open_missing_isMadeAndHolds() throws IOException {
        Path path = parent.resolve("a/b/data");
        try (DataDirectory data = DataDirectory.open(path)) {
            assertThat(data.path()).isEqualTo(path.toRealPath());
            assertThat(path.resolve(".lock"))
                    .content()
                    .isEqualToIgnoringNewLines(ProcessHandle.current().pid() + "");
            assertThat(data.directory("staging"))
                    .isEqualTo(path.toRealPath().resolve("staging"))
                    .isDirectory();
            assertThat(data.directory("staging")).isDirectory();
        }
    }

    @Test
    void open_heldByThisProcess_isRefusedInASentence_untilItIsClosed() {
        DataDirectory first = DataDirectory.open(parent);
        assertThatThrownBy(() -> DataDirectory.open(parent.resolve("../" + parent.getFileName())))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(parent.toString())
                .hasMessageContaining("this process")
                .hasMessageContaining("narwhal.data-dir");
        first.close();
        first.close();
        DataDirectory.open(parent).close();
    }

    @Test
    void open_throughASymbolicLink_isTheSameDirectory() throws IOException {
        Path real = Files.createDirectory(parent.resolve("real"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), real);
        try (DataDirectory first = DataDirectory.open(real)) {
            assertThat(first.path()).isEqualTo(real.toRealPath());
            assertThatThrownBy(() -> DataDirectory.open(link)).isInstanceOf(DataDirectoryException.class);
        }
    }

    @Test
    void open_aFileIsInTheWay_saysSo() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("narwhal.data-dir");
    }
}
