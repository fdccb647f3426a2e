package dev.narwhal.staging;

import dev.narwhal.upload.UploadId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Several contents, read as one. It has no file that a destination could link. */
final class ConcatenatedContent implements StagedContent {

    private final OpenPieces opened;
    private final List<Piece> pieces = new ArrayList<>();
    private final long[] starts;
    private final long length;

    /** One of the contents. */
    record Piece(UploadId id, long length) {}

    /**
     * @param contents in order; one may occur several times
     * @param length the required sum of their lengths
     * @param opener opens one of them for a read
     * @throws StagingDamagedException when the sum differs
     */
    ConcatenatedContent(List<Piece> contents, long length, OpenPieces.Opener opener) throws StagingDamagedException {
        long[] positions = new long[contents.size()];
        long end = 0;
        for (Piece content : contents) {
            // Without empty pieces each position belongs to exactly one piece.
            if (content.length() > 0) {
                positions[pieces.size()] = end;
                pieces.add(content);
                end += content.length();
            }
        }
        if (end != length) {
            throw new StagingDamagedException(
                    "The partials of a final upload have " + end + " bytes together; its row says " + length);
        }
        this.starts = Arrays.copyOf(positions, pieces.size());
        this.length = length;
        this.opened = new OpenPieces(opener);
    }

    /**
     * Opens as many pieces as may stay open. If these are all, the content stays readable even when the files are
     * deleted.
     * @throws IOException when one cannot be opened; then none stays open
     */
    void open() throws IOException {
        try {
            for (Piece piece :
                    pieces.stream().distinct().limit(OpenPieces.MOST_IDLE).toList()) {
                opened.giveBack(piece, opened.take(piece));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public long length() {
        return length;
    }

    /** Continues across the borders of pieces until the target is full. */
    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("A position is at least 0, not " + position);
        }
        if (position >= length) {
            return -1;
        }
        int read = 0;
        while (target.hasRemaining() && position + read < length) {
            int piece = pieceAt(position + read);
            int more = read(pieces.get(piece), target, position + read - starts[piece]);
            if (more < 1) {
                throw new EOFException("Piece " + (piece + 1) + " ends before its length");
            }
            read += more;
        }
        return read;
    }

    private int read(Piece piece, ByteBuffer target, long position) throws IOException {
        StagedContent content = opened.take(piece);
        try {
            return content.read(target, position);
        } finally {
            opened.giveBack(piece, content);
        }
    }

    private int pieceAt(long position) {
        int found = Arrays.binarySearch(starts, position);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public Optional<Path> file() {
        return Optional.empty();
    }

    @Override
    public void close() {
        opened.close();
    }
}
