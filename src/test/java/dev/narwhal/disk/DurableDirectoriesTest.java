package dev.narwhal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableDirectoriesTest {

    @TempDir
    private Path folder;

    @Test
    void create_everyLevel() throws Exception {
        DurableDirectories.create(folder.resolve("a/b/c"));
        DurableDirectories.create(folder.resolve("a/b/c"));

        assertThat(folder.resolve("a/b/c")).isEmptyDirectory();
    }

    @Test
    void create_aFileInTheWay_isAnError() throws Exception {
        Files.createFile(folder.resolve("a"));

        assertThatThrownBy(() -> DurableDirectories.create(folder.resolve("a")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void sync_nothingThere_isAnError() {
        assertThatThrownBy(() -> DurableDirectories.sync(folder.resolve("a"))).isInstanceOf(NoSuchFileException.class);
    }

    /** As Windows does, this file system opens no directory. */
    @Test
    void onWindows_directoriesAreMadeAndNotSynced() throws IOException {
        try (FileSystem windows = Jimfs.newFileSystem(Configuration.windows())) {
            Path directory = windows.getPath("C:\\narwhal\\data");
            DurableDirectories.create(directory);
            DurableDirectories.sync(directory);
            DurableFiles.write(directory.resolve("file"), "old");
            DurableFiles.write(directory.resolve("file"), "new");
            DurableFiles.sync(directory.resolve("file"));

            assertThat(directory.resolve("file")).hasContent("new");
        }
    }

    @Test
    void write_leavesNothingElse() throws Exception {
        DurableFiles.write(folder.resolve("file"), "text");

        assertThat(folder).isDirectoryContaining(path -> path.endsWith("file"));
        assertThat(folder.toFile().list()).containsExactly("file");
    }
}
