package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {

    @TempDir
    private Path directory;

    @Test
    void encoded_pairs_areKeyAndBase64OfUtf8InTheirOrder() {
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put("filename", "Wal-ö.txt");
        pairs.put("album", "a,b c");
        pairs.put("flag", "");
        assertThat(new Metadata(pairs).encoded()).isEqualTo("filename V2FsLcO2LnR4dA==,album YSxiIGM=,flag");
    }

    @Test
    void of_file_hasItsNameAndType() throws IOException {
        SourceFile source = SourceFile.of(Files.writeString(directory.resolve("notes.txt"), "x"));
        assertThat(Metadata.of(source, Map.of("k", "v")).pairs())
                .containsExactly(
                        Map.entry("filename", "notes.txt"), Map.entry("filetype", "text/plain"), Map.entry("k", "v"));
    }

    @Test
    void of_givenFilename_winsOverTheFiles() throws IOException {
        SourceFile source = SourceFile.of(Files.writeString(directory.resolve("notes"), "x"));
        assertThat(Metadata.of(source, Map.of("filename", "final.txt")).pairs())
                .containsExactly(Map.entry("filename", "final.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "ö", "a\r\nb"})
    void key_thatTheHeaderCannotCarry_isRefused(String key) {
        assertThatThrownBy(() -> new Metadata(Map.of(key, "v"))).isInstanceOf(IllegalArgumentException.class);
    }
}
