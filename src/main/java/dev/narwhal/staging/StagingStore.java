package dev.narwhal.staging;

import dev.narwhal.upload.UploadId;
import java.io.IOException;

/**
 * Bytes between the first chunk and delivery. Append-only: a file grows at the offset its row says and nowhere else.
 * Every method that takes an {@code offset} or {@code length} takes the value of the upload's row, which is the truth.
 */
public interface StagingStore {

    /** The id of the volume that new uploads are staged on; part of each row's staging reference. */
    String volume();

    /** False when an upload staged on {@code volume} cannot be reached here (a disk not mounted, another node's disk). */
    boolean holds(String volume);

    /**
     * Makes an empty staged file. When this returns the file's directory entry, and every new directory above it, is
     * durable.
     *
     * @param expectedBytes what the upload will need at most; 0 when that is not known
     * @throws StagingFullException when that many bytes do not fit above the reserve
     * @throws StagingAbsentException when the volume was unmounted
     */
    void create(UploadId id, long expectedBytes) throws IOException;

    /**
     * True when there are bytes beyond {@code offset}, which {@link #append} there would cut off. False when the file is
     * missing: whoever appends is told.
     */
    boolean isLonger(UploadId id, long offset) throws IOException;

    /**
     * Opens the file for one body. Bytes beyond {@code offset}, which no row knows, are cut off.
     *
     * @param offset where the body begins: the row's offset
     * @param expectedBytes the body's length when it is known, else -1; a hint for how it is written
     * @throws StagingDamagedException when the file is missing or shorter than {@code offset}
     * @throws StagingFullException when the reserve is all that is free, also after the cut
     */
    StagedAppend append(UploadId id, long offset, long expectedBytes) throws IOException;

    /**
     * Opens the first {@code length} bytes for reading. Several readers at once are fine, also beside an append.
     *
     * @throws StagingDamagedException when the file is missing or shorter than {@code length}
     */
    StagedContent read(UploadId id, long length) throws IOException;

    /**
     * The same for one pass by one reader, past the page cache where that can be had: a file that was written past it and is
     * read once is no gain there.
     *
     * @throws StagingDamagedException when the file is missing or shorter than {@code length}
     */
    default StagedContent readOnce(UploadId id, long length) throws IOException {
        return read(id, length);
    }

    /** Removes the bytes. No-op when they are gone already. */
    void delete(UploadId id) throws IOException;
}
