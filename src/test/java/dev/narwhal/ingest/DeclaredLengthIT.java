package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A length that comes later is fixed by the request that has the upload, and by none that it was taken from. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DeclaredLengthIT {

    @TempDir
    Path folder;

    private IngestFixture ingest;
    private Upload upload;

    @BeforeEach
    void begin() throws IOException {
        ingest = new IngestFixture(folder);
        upload = ingest.create(null);
    }

    @AfterEach
    void end() {
        ingest.close();
    }

    @Test
    void declareLength_displaced_fixesNothing() {
        try (AppendSession displaced = ingest.appender.open(upload.id());
                AppendSession next = ingest.appender.open(upload.id())) {
            assertThatThrownBy(() -> displaced.declareLength(5)).isInstanceOf(UploadOvertakenException.class);
            assertThat(next.declareLength(7).length()).isEqualTo(7);
        }
        assertThat(ingest.uploads.find(upload.id()).orElseThrow().length()).isEqualTo(7);
    }
}
