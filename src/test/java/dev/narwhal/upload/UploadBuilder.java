package dev.narwhal.upload;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Uploads that differ from an ordinary one in what the test is about. */
public final class UploadBuilder {

    static final Instant CREATED = Instant.parse("2026-03-01T10:15:30.123456Z");

    private UploadKind kind = UploadKind.WHOLE;
    private @Nullable Long length = 100L;
    private long offset;
    private UploadState state = UploadState.RECEIVING;
    private @Nullable String metadata;
    private @Nullable String filename;
    private Instant createdAt = CREATED;
    private String volume = "volume-1";

    public static UploadBuilder upload() {
        return new UploadBuilder();
    }

    public UploadBuilder kind(UploadKind value) {
        kind = value;
        return this;
    }

    public UploadBuilder length(@Nullable Long value) {
        length = value;
        return this;
    }

    public UploadBuilder offset(long value) {
        offset = value;
        return this;
    }

    public UploadBuilder state(UploadState value) {
        state = value;
        return this;
    }

    public UploadBuilder metadata(String value) {
        metadata = value;
        return this;
    }

    public UploadBuilder filename(String value) {
        filename = value;
        return this;
    }

    public UploadBuilder createdAt(Instant value) {
        createdAt = value;
        return this;
    }

    public UploadBuilder volume(String value) {
        volume = value;
        return this;
    }

    public Upload build() {
        return new Upload(
                UploadId.random(),
                "owner of 'it' \"all\" \u00e4\u00df\u6f22\ud83d\udc33",
                kind,
                length,
                offset,
                metadata,
                filename,
                metadata == null ? null : "text/plain; charset=\"utf-8\"",
                state,
                createdAt,
                createdAt,
                null,
                null,
                volume,
                0,
                kind == UploadKind.PARTIAL ? "partial" : null);
    }
}
