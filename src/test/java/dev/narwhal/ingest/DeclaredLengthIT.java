package dev.narwhal.ingest;

import static dev.narwhal.access.Caller.ANYBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A length that comes later is fixed by the request that has the upload, and by none that it was taken from. */
class DeclaredLengthIT extends OneUpload {

    @Override
    @Nullable
    Long length() {
        return null;
    }

    @Test
    void declareLength_displaced_fixesNothing() {
        try (AppendSession displaced = ingest.appender.open(ANYBODY, upload.id());
                AppendSession next = ingest.appender.open(ANYBODY, upload.id())) {
            assertThatThrownBy(() -> displaced.declareLength(5)).isInstanceOf(UploadOvertakenException.class);
            assertThat(next.declareLength(7).length()).isEqualTo(7);
        }
        assertThat(ingest.uploads.find(upload.id()).orElseThrow().length()).isEqualTo(7);
    }
}
