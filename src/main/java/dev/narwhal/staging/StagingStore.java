package dev.narwhal.staging;

import dev.narwhal.upload.UploadId;
import java.io.IOException;

/**
 * Bytes between the first chunk and delivery. Append-only: a file grows only at the offset of its row. Every {@code
 * offset} or {@code length} is the value of the upload's row, which is the truth.
 */
public interface StagingStore {

    /** The id of the volume that new uploads are staged on; part of each row's staging reference. */
    String volume();

    /**
     * False when this process cannot reach uploads staged on {@code volume} (an unmounted disk, another node's disk).
     */
    boolean holds(String volume);

    /**
     * Admits a new upload. Creates no file: an upload at offset 0 needs none. The first write of its first body creates
     * it, and the first flush makes its directory entry durable.
     * @param expectedBytes the upload's length; 0 when unknown
     * @throws StagingFullException when that many bytes do not fit above the reserve
     * @throws StagingAbsentException when the volume was unmounted
     */
    void admit(UploadId id, long expectedBytes) throws IOException;

    /**
     * True when there are bytes beyond {@code offset}, which {@link #append} at that offset would cut off. False when
     * the file is missing; {@link #append} then throws.
     */
    boolean isLonger(UploadId id, long offset) throws IOException;

    /**
     * Opens the file for one body, and cuts off the bytes beyond {@code offset}, which no row counts.
     *
     * @param offset where the body begins: the row's offset
     * @param expectedBytes the body's length if known, else -1; a hint for choosing buffers
     * @throws StagingDamagedException when the file is missing, and {@code offset} is not 0, or shorter than
     *     {@code offset}
     * @throws StagingFullException when only the reserve is free, even after the cut
     */
    StagedAppend append(UploadId id, long offset, long expectedBytes) throws IOException;

    /**
     * Opens the first {@code length} bytes for reading; 0 bytes need no file. Several readers may read at once, also
     * during an append.
     *
     * @throws StagingDamagedException when the file is missing or shorter than {@code length}
     */
    StagedContent read(UploadId id, long length) throws IOException;

    /**
     * The same for one pass by one reader, by direct I/O where possible: caching a file that is read once gains
     * nothing.
     *
     * @throws StagingDamagedException when the file is missing or shorter than {@code length}
     */
    default StagedContent readOnce(UploadId id, long length) throws IOException {
        return read(id, length);
    }

    /** Removes the bytes. No-op when there are none. */
    void delete(UploadId id) throws IOException;
}
