package dev.narwhal.staging;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The staged bytes of complete uploads: one file for an ordinary upload, the files of its partials for a final. */
public final class StagedUploads {

    private final StagingStore staging;
    private final UploadRepository uploads;

    public StagedUploads(StagingStore staging, UploadRepository uploads) {
        this.staging = staging;
        this.uploads = uploads;
    }

    /**
     * Opens the bytes of a complete upload for reading. Of a final only a few files are open at a time.
     *
     * @throws StagingDamagedException when bytes are missing
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
     * Checks each file now. Keeps a few files open; opens further ones when their bytes are read, because a final may
     * have more partials than the process has spare descriptors. If one of these is removed meanwhile, because the
     * final was delivered, its read fails.
     */
    private StagedContent openFinal(UploadId id, long length) throws IOException {
        List<ConcatenatedContent.Piece> pieces = new ArrayList<>();
        Set<UploadId> seen = new HashSet<>();
        for (Upload partial : uploads.partials(id)) {
            ConcatenatedContent.Piece piece = piece(partial, id);
            pieces.add(piece);
            if (seen.add(partial.id())) {
                requireWhole(piece);
            }
        }
        ConcatenatedContent content =
                new ConcatenatedContent(pieces, length, piece -> staging.read(piece.id(), piece.length()));
        content.open();
        return content;
    }

    private static ConcatenatedContent.Piece piece(Upload partial, UploadId whole) throws StagingDamagedException {
        if (partial.state() != UploadState.FINISHED) {
            throw new StagingDamagedException(
                    "Partial upload " + partial.id() + " of final upload " + whole + " is " + partial.state());
        }
        long length = Objects.requireNonNull(partial.length(), "A complete upload has a length");
        return new ConcatenatedContent.Piece(partial.id(), length);
    }

    /** Checks the length first; opening the file then reports the exact damage. */
    private void requireWhole(ConcatenatedContent.Piece piece) throws IOException {
        if (piece.length() > 0 && !staging.isLonger(piece.id(), piece.length() - 1)) {
            staging.read(piece.id(), piece.length()).close();
        }
    }

    /**
     * Removes the staged bytes of a delivered upload. The partials of a final stay, because other finals may name them.
     */
    public void delete(Upload upload) throws IOException {
        if (upload.kind() != UploadKind.FINAL) {
            staging.delete(upload.id());
        }
    }
}
