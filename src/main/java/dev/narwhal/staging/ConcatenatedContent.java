package dev.narwhal.staging;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Several contents, read as if they were one. There is no file that a destination could link. */
final class ConcatenatedContent implements StagedContent {

    private final Set<StagedContent> opened;
    private final List<StagedContent> pieces = new ArrayList<>();
    private final long[] starts;
    private final long length;

    /**
     * Takes the contents over, once it is there.
     *
     * @param contents in their order; one may be there several times
     * @param length what they must have together
     * @throws StagingDamagedException when they have not
     */
    ConcatenatedContent(List<StagedContent> contents, long length) throws StagingDamagedException {
        this.opened = new LinkedHashSet<>(contents);
        long[] positions = new long[contents.size()];
        long end = 0;
        for (StagedContent content : contents) {
            // Without the empty ones each position belongs to one piece.
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
    }

    @Override
    public long length() {
        return length;
    }

    /** Goes on across the pieces' borders as long as there is room. */
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
            int more = pieces.get(piece).read(target, position + read - starts[piece]);
            if (more < 1) {
                throw new EOFException("Piece " + (piece + 1) + " ends before its length");
            }
            read += more;
        }
        return read;
    }

    private int pieceAt(long position) {
        int found = Arrays.binarySearch(starts, position);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public Optional<Path> file() {
        return Optional.empty();
    }

    /** All of them, also when one fails. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (StagedContent content : opened) {
            try {
                content.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
