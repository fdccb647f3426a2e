package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceStreamTest {

    @TempDir
    private Path directory;

    private Path file;
    private SourceFile source;

    @BeforeEach
    void aFileOfTenBytes() throws IOException {
        file = Files.writeString(directory.resolve("film.mp4"), "0123456789");
        source = SourceFile.of(file);
    }

    @Test
    void read_afterSkipAndReset_startsAtTheMark() throws IOException {
        try (SourceStream stream = new SourceStream(source)) {
            assertThat(stream.skip(3)).isEqualTo(3);
            stream.mark(2);
            assertThat(new String(stream.readNBytes(7), StandardCharsets.US_ASCII))
                    .isEqualTo("3456789");
            assertThat(stream.read()).isEqualTo(-1);
            stream.reset();
            assertThat(new String(stream.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("3456789");
        }
    }

    @Test
    void skip_pastTheEnd_stopsThere() throws IOException {
        try (SourceStream stream = new SourceStream(source)) {
            assertThat(stream.skip(100)).isEqualTo(10);
        }
    }

    @Test
    void read_fileGrew_keepsTheLastBytes() throws IOException {
        try (SourceStream stream = new SourceStream(source)) {
            assertThat(stream.readNBytes(5)).hasSize(5);
            Files.writeString(file, "more", StandardOpenOption.APPEND);
            assertChanged(stream);
        }
    }

    @Test
    void read_fileWasCut_isNotTheEndOfTheFile() throws IOException {
        try (SourceStream stream = new SourceStream(source)) {
            assertThat(stream.readNBytes(5)).hasSize(5);
            Files.writeString(file, "012");
            assertChanged(stream);
        }
    }

    @Test
    void read_fileWasWrittenAgain_keepsTheLastBytes() throws IOException {
        try (SourceStream stream = new SourceStream(source)) {
            assertThat(stream.readNBytes(5)).hasSize(5);
            Files.setLastModifiedTime(file, FileTime.from(source.modified().plusSeconds(1)));
            assertChanged(stream);
        }
    }

    @Test
    void open_fileIsGone_saysSo() throws IOException {
        Files.delete(file);
        assertThatThrownBy(() -> new SourceStream(source))
                .isInstanceOf(SourceException.class)
                .hasMessage("does not exist");
    }

    private static void assertChanged(SourceStream stream) {
        assertThatThrownBy(() -> stream.read(new byte[100], 0, 100))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("changed while it was uploaded");
    }
}
