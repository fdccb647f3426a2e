package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class UploadFailureTest {

    @Test
    void descriptors_areGone_isNoDefect() {
        FileSystemException failure = new FileSystemException("staging/ab", null, "Too many open files");

        assertThat(UploadFailure.of(failure)).isEqualTo(UploadFailure.NO_DESCRIPTORS);
        assertThat(UploadFailure.of(new UncheckedIOException(failure))).isEqualTo(UploadFailure.NO_DESCRIPTORS);
    }

    @Test
    void anythingElse_isUnexpected() {
        assertThat(UploadFailure.of(new FileSystemException("staging/ab", null, "Input/output error")))
                .isEqualTo(UploadFailure.UNEXPECTED);
    }
}
