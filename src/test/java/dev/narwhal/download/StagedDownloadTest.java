package dev.narwhal.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StagedDownloadTest {

    private static final int LENGTH = 500_000;
    private static final int GONE_FROM = 300_000;

    private final byte[] file = new byte[LENGTH];
    private final ByteArrayOutputStream client = new ByteArrayOutputStream();
    private boolean restClosed;

    StagedDownloadTest() {
        new Random(1).nextBytes(file);
    }

    /** A final of which a later partial has gone since the final was delivered. */
    private final class HalfGone implements StagedContent {

        @Override
        public long length() {
            return LENGTH;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int end = (int) Math.min(GONE_FROM, position + target.remaining());
            if (position >= end) {
                throw new StagingDamagedException("gone");
            }
            target.put(file, (int) position, end - (int) position);
            return end - (int) position;
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private Download atTheDestination() {
        return new Download() {
            @Override
            public Upload upload() {
                return row();
            }

            @Override
            public long length() {
                return LENGTH;
            }

            @Override
            public void transfer(long position, long count, OutputStream target) throws IOException {
                target.write(file, (int) position, (int) count);
            }

            @Override
            public void close() {
                restClosed = true;
            }
        };
    }

    private static Upload row() {
        Instant now = Instant.parse("2026-03-01T10:00:00Z");
        return UploadBuilder.upload()
                .owner("")
                .kind(UploadKind.FINAL)
                .length((long) LENGTH)
                .offset(LENGTH)
                .state(UploadState.FINISHED)
                .createdAt(now)
                .volume("volume")
                .concat("final;")
                .build();
    }

    @Test
    void transfer_whileTheStagedBytesGo_goesOnAtTheDestination() throws IOException {
        try (StagedDownload download = new StagedDownload(row(), new HalfGone(), gone -> atTheDestination())) {
            download.transfer(100, LENGTH - 200, client);
        }
        assertThat(client.toByteArray()).isEqualTo(Arrays.copyOfRange(file, 100, LENGTH - 100));
        assertThat(restClosed).isTrue();
    }

    @Test
    void transfer_whenTheyAreNowhereElse_fails() {
        StagedDownload download = new StagedDownload(row(), new HalfGone(), gone -> {
            throw gone;
        });
        assertThatThrownBy(() -> download.transfer(0, LENGTH, client))
                .isInstanceOf(StagingDamagedException.class)
                .hasMessage("gone");
        assertThat(client.size()).isEqualTo(GONE_FROM);
    }
}
