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
 * The open pieces of one content: the pieces that are being read, and the few that were read last. A reader has its
 * piece exclusively while it reads. So a final of 1,000 partials needs as many descriptors as one of 10. Safe for
 * several threads.
 */
final class OpenPieces implements Closeable {

    /** How many unused pieces stay open. */
    static final int MOST_IDLE = 8;

    /** Opens a piece for reading. */
    @FunctionalInterface
    interface Opener {
        StagedContent open(Piece piece) throws IOException;
    }

    private final Opener opener;
    /** The most recently returned pieces are at the end. */
    private final Map<Piece, StagedContent> idle = new LinkedHashMap<>();

    private boolean closed;

    OpenPieces(Opener opener) {
        this.opener = opener;
    }

    /** @throws StagingDamagedException when its file is missing */
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

    /** Keeps the piece open; returns a piece to close when there are too many. */
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

    /** Closes all idle pieces, even if one fails; a reader closes its own piece. */
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
