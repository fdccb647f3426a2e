package dev.narwhal.staging;

import dev.narwhal.staging.ConcatenatedContent.Piece;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one content that are open: each that is being read, and the few that were read last. A reader has its piece
 * for itself as long as it reads. So a final of 1,000 partials costs as many descriptors as one of 10. Safe for several
 * threads.
 */
final class OpenPieces implements Closeable {

    /** Pieces kept open that nobody reads. */
    static final int MOST_IDLE = 8;

    /** Opens a piece for reading. */
    @FunctionalInterface
    interface Opener {
        StagedContent open(Piece piece) throws IOException;
    }

    private final Opener opener;
    /** Those that were given back last are at the end. */
    private final Map<Piece, StagedContent> idle = new LinkedHashMap<>();

    private boolean closed;

    OpenPieces(Opener opener) {
        this.opener = opener;
    }

    /** @throws StagingDamagedException when it is not there (any more) */
    StagedContent take(Piece piece) throws IOException {
        @Nullable StagedContent open = takeIdle(piece);
        return open == null ? opener.open(piece) : open;
    }

    private synchronized @Nullable StagedContent takeIdle(Piece piece) throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        return idle.remove(piece);
    }

    void giveBack(Piece piece, StagedContent content) {
        @Nullable StagedContent surplus = keep(piece, content);
        if (surplus != null) {
            surplus.close();
        }
    }

    /** What is one too many, and is to be closed. */
    private synchronized @Nullable StagedContent keep(Piece piece, StagedContent content) {
        if (closed) {
            return content;
        }
        @Nullable StagedContent same = idle.put(piece, content);
        if (same != null || idle.size() <= MOST_IDLE) {
            return same;
        }
        Iterator<StagedContent> oldest = idle.values().iterator();
        StagedContent surplus = oldest.next();
        oldest.remove();
        return surplus;
    }

    /** All that are idle, also when one fails; a piece that is being read is closed by its reader. */
    @Override
    public synchronized void close() {
        closed = true;
        RuntimeException failure = null;
        for (StagedContent content : idle.values()) {
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
        idle.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
