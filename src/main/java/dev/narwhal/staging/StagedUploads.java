package dev.narwhal.staging;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The staged bytes of whole uploads: of most in a file of their own, of a final in the files of its partials. */
public final class StagedUploads {

    private final StagingStore staging;
    private final UploadRepository uploads;

    public StagedUploads(StagingStore staging, UploadRepository uploads) {
        this.staging = staging;
        this.uploads = uploads;
    }

    /**
     * Opens the bytes of a complete upload for reading.
     *
     * @throws StagingDamagedException when they are not all there (any more)
     * @throws IllegalArgumentException when the upload is not complete
     */
    public StagedContent open(Upload upload) throws IOException {
        if (!upload.state().isComplete()) {
            throw new IllegalArgumentException("Upload " + upload.id() + " is not complete");
        }
        long length = Objects.requireNonNull(upload.length(), "A complete upload has a length");
        return upload.kind() == UploadKind.FINAL ? openFinal(upload.id(), length) : staging.read(upload.id(), length);
    }

    /**
     * Each file once, all at once, and kept open: so everything can be read to the end although the partials may go as soon
     * as the final is delivered.
     */
    private StagedContent openFinal(UploadId id, long length) throws IOException {
        List<Upload> partials = uploads.partials(id);
        Map<UploadId, StagedContent> opened = new LinkedHashMap<>();
        try {
            for (Upload partial : partials) {
                if (!opened.containsKey(partial.id())) {
                    opened.put(partial.id(), openPartial(partial, id));
                }
            }
            return new ConcatenatedContent(
                    partials.stream()
                            .map(partial -> Objects.requireNonNull(opened.get(partial.id())))
                            .toList(),
                    length);
        } catch (IOException | RuntimeException e) {
            opened.values().forEach(StagedContent::close);
            throw e;
        }
    }

    private StagedContent openPartial(Upload partial, UploadId whole) throws IOException {
        if (partial.state() != UploadState.FINISHED) {
            throw new StagingDamagedException(
                    "Partial upload " + partial.id() + " of final upload " + whole + " is " + partial.state());
        }
        return open(partial);
    }

    /** Removes what is staged of a delivered upload. The partials of a final stay: others may be made of them, too. */
    public void delete(Upload upload) throws IOException {
        if (upload.kind() != UploadKind.FINAL) {
            staging.delete(upload.id());
        }
    }
}
