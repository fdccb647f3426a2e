package dev.narwhal.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.UploadBuilder;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDownloadTest {

    private static final int LENGTH = 500_000;

    private final byte[] content = new byte[LENGTH];
    private final ByteArrayOutputStream client = new ByteArrayOutputStream();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    FileDownloadTest() {
        new Random(1).nextBytes(content);
    }

    private Path file() throws IOException {
        return Files.write(folder.resolve("file"), content);
    }

    private static FileDownload open(Path file) throws IOException {
        return new FileDownload(UploadBuilder.upload().build(), FileChannel.open(file, StandardOpenOption.READ));
    }

    @Test
    void range_isTransferred_alsoWhenTheNameHasGone() throws IOException {
        Path file = file();
        try (FileDownload download = open(file)) {
            Files.delete(file);
            download.transfer(1000, 400_000, client);
        }
        assertThat(client.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 1000, 401_000));
    }

    @Test
    void bytes_areSent_fromTheirPosition() throws IOException {
        try (FileDownload download = open(file())) {
            long sent = download.sendNow(LENGTH - 10, 10, Channels.newChannel(client));
            assertThat(sent).isEqualTo(10);
            assertThat(download.sendNow(LENGTH, 10, Channels.newChannel(client)))
                    .isZero();
        }
        assertThat(client.toByteArray()).isEqualTo(Arrays.copyOfRange(content, LENGTH - 10, LENGTH));
    }

    @Test
    void fileThatIsTooShort_endsTheTransfer() throws IOException {
        try (FileDownload download = open(file())) {
            assertThatThrownBy(() -> download.transfer(LENGTH - 10, 11, client)).isInstanceOf(EOFException.class);
        }
    }
}
