package dev.narwhal.protocol.tus;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import java.util.Objects;
import me.desair.tus.server.upload.UploadId;
import me.desair.tus.server.upload.UploadInfo;
import me.desair.tus.server.upload.UploadType;
import org.jspecify.annotations.Nullable;

/**
 * A row in the form that the engine's handlers and the operator's extensions use. Unlike the base class, it
 * distinguishes a length of 0 from an unknown length.
 */
final class EngineUploadInfo extends UploadInfo {

    private static final long serialVersionUID = 1L;

    private @Nullable Long exactLength;

    EngineUploadInfo() {}

    static EngineUploadInfo of(Upload upload) {
        EngineUploadInfo info = new EngineUploadInfo();
        info.setId(new UploadId(upload.id().value()));
        info.setOwnerKey(upload.owner());
        info.setOffset(upload.offset());
        info.setLength(upload.length());
        info.setEncodedMetadata(upload.metadata());
        info.setUploadType(typeOf(upload.kind()));
        info.setUploadConcatHeaderValue(upload.concat());
        return info;
    }

    static UploadType typeOf(UploadKind kind) {
        return switch (kind) {
            case WHOLE -> UploadType.REGULAR;
            case PARTIAL -> UploadType.PARTIAL;
            case FINAL -> UploadType.CONCATENATED;
        };
    }

    @Override
    public void setLength(@Nullable Long length) {
        exactLength = length;
    }

    @Override
    public @Nullable Long getLength() {
        return exactLength;
    }

    @Override
    public boolean hasLength() {
        return exactLength != null;
    }

    @Override
    public boolean isUploadInProgress() {
        return !Objects.equals(exactLength, getOffset());
    }
}
