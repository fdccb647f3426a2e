package dev.narwhal.faults;

import dev.narwhal.upload.UploadKind;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an upload must be, by the requests that were acknowledged. For one thread. */
final class ModelledUpload {

    final URI url;
    final UploadKind kind;
    final String metadata;
    /** Upload-Concat, as HEAD has to repeat it; null for a whole upload. */
    final @Nullable String concat;

    private final List<ModelledUpload> partials;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private @Nullable Long length;
    private boolean gone;

    private ModelledUpload(
            URI url, UploadKind kind, @Nullable Long length, String metadata, List<ModelledUpload> partials) {
        this.url = url;
        this.kind = kind;
        this.length = length;
        this.metadata = metadata;
        this.partials = partials;
        this.concat = switch (kind) {
            case WHOLE -> null;
            case PARTIAL -> "partial";
            case FINAL -> concat(partials);
        };
    }

    /** @param length null when it is deferred */
    static ModelledUpload of(URI url, boolean partial, @Nullable Long length, String metadata) {
        UploadKind kind = partial ? UploadKind.PARTIAL : UploadKind.WHOLE;
        return new ModelledUpload(url, kind, length, metadata, List.of());
    }

    static ModelledUpload ofFinal(URI url, List<ModelledUpload> partials, String metadata) {
        return new ModelledUpload(url, UploadKind.FINAL, null, metadata, List.copyOf(partials));
    }

    static String concat(List<ModelledUpload> partials) {
        StringBuilder value = new StringBuilder("final;");
        partials.forEach(partial -> value.append(' ').append(partial.url.getPath()));
        return value.toString();
    }

    /** Null while it is deferred; that of a final while that of one of its partials is. */
    @Nullable
    Long length() {
        if (kind != UploadKind.FINAL) {
            return length;
        }
        boolean known = partials.stream().noneMatch(partial -> partial.length == null);
        return known
                ? Long.valueOf(
                        partials.stream().mapToLong(ModelledUpload::knownLength).sum())
                : null;
    }

    private static long knownLength(ModelledUpload partial) {
        return partial.length == null ? 0 : partial.length;
    }

    void declare(long declared) {
        length = declared;
    }

    long offset() {
        return content.size();
    }

    void append(byte[] bytes) {
        content.writeBytes(bytes);
    }

    byte[] content() {
        if (kind != UploadKind.FINAL) {
            return content.toByteArray();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        partials.forEach(partial -> all.writeBytes(partial.content()));
        return all.toByteArray();
    }

    boolean isComplete() {
        return kind == UploadKind.FINAL
                ? partials.stream().allMatch(ModelledUpload::isComplete)
                : length != null && length == offset();
    }

    boolean isMadeOf(ModelledUpload partial) {
        return partials.contains(partial);
    }

    boolean isGone() {
        return gone;
    }

    void terminate() {
        gone = true;
    }

    @Override
    public String toString() {
        return kind + " " + url.getPath() + " " + offset() + "/" + length() + (gone ? " gone" : "");
    }
}
