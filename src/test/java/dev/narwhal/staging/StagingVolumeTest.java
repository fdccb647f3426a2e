package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingVolumeTest {

    @TempDir
    private Path root;

    @Test
    void idOf_newDirectory_isMadeOnce() throws IOException {
        String id = StagingVolume.idOf(root);
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(StagingVolume.idOf(root)).isEqualTo(id);
        assertThat(root.resolve(".volume")).content().isEqualTo(id + "\n");
        assertThat(root.toFile().list()).containsExactly(".volume");
    }

    @Test
    void idOf_diedWhileItWasMade_isMadeAgain() throws IOException {
        Files.writeString(root.resolve(".volume.new"), "0123456789");
        assertThat(StagingVolume.idOf(root)).matches("[0-9a-f]{32}");
    }

    @Test
    void idOf_somethingElseInTheFile_saysWhatToDo() throws IOException {
        Files.writeString(root.resolve(".volume"), "nonsense");
        assertThatThrownBy(() -> StagingVolume.idOf(root))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(root.resolve(".volume").toString())
                .hasMessageContaining("nonsense");
    }
}
