package dev.narwhal.database.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.narwhal.database.h2.RedoEntry.Layout;
import dev.narwhal.disk.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A redo log: its entries are durable before the file is changed. Replaying it from the first entry to the last complete one
 * always leads to the same file, however often, and however much of it was applied already.
 *
 * <p>It begins with a {@link LogOrigin}, followed by {@linkplain RedoEntry entries} with the origin's salt. Their numbers grow
 * by one; the log ends where a number does not follow or the salt differs.
 */
final class RedoLog implements Closeable {

    private static final long FULL = 16L << 20;
    private static final byte[] MARK = "Narwhal".getBytes(US_ASCII);

    private final FileChannel log;
    private final String file;
    private final Journal journal;
    private final ReusedBytes entries = new ReusedBytes();
    private final ReusedBytes runs = new ReusedBytes();

    /** Null until the first entry is needed. */
    private @Nullable LogOrigin origin;

    private long end;
    private long number;

    /**
     * @param file its name, for messages
     * @param journal of the file system that holds the log and the file
     */
    RedoLog(FileChannel log, String file, Journal journal) {
        this.log = log;
        this.file = file;
        this.journal = journal;
    }

    /** True when the file must be synced, and the log begun, before the next entry. */
    boolean mustBegin() {
        return origin == null || end > FULL;
    }

    /**
     * Starts the log anew from the file's present state. New entries overwrite the old ones; the log ends at the first old
     * entry.
     *
     * @param state the file, {@linkplain #syncFile synced} just now
     */
    void begin(FileChannel state) throws IOException {
        LogOrigin next = LogOrigin.of(state);
        next.writeTo(log);
        origin = next;
        end = LogOrigin.LENGTH;
        number = 0;
    }

    /**
     * The entry is durable after a {@link #sync()}; the file must not be changed before. Valid until the next entry.
     *
     * @param state the file before the entry is applied
     */
    RedoEntry append(SortedMap<Long, ByteBuffer> blocks, long fileSize, FileChannel state) throws IOException {
        LogOrigin begun = origin;
        if (begun == null) {
            throw new IllegalStateException("The log " + file + " was not begun");
        }
        Sectors.Before before = new Sectors.Before(state, blocks.keySet(), runs);
        RedoEntry entry = RedoEntry.of(end, begun.salt(), number + 1, fileSize, blocks, before, entries);
        entry.writeTo(log);
        end = entry.end();
        number++;
        return entry;
    }

    /** Changes the file as the entry says, but does not sync it. */
    void apply(RedoEntry entry, FileChannel state) throws IOException {
        entry.applyTo(state, runs);
    }

    void sync() throws IOException {
        log.force(false);
        journal.requireAlive();
    }

    /**
     * Applies the log to the file, durably, and empties the log.
     *
     * <p>An entry that can be read need not be on the disk: the process may have been killed before the sync, or the sync may
     * have failed, and then the kernel takes the lost pages for clean. So this method writes all entries once more and syncs
     * them before it touches the file.
     *
     * @throws ForeignLogException when the log began from another file, or from another state of it; nothing has changed
     */
    void replay(FileChannel state) throws IOException {
        LogOrigin found = LogOrigin.read(log);
        Layout layout = found == null ? Layout.UNSALTED : Layout.SALTED;
        if (found == null) {
            requireKnownMark();
        } else {
            requireFit(found, state);
        }
        if (forEach(found, layout, entry -> entry.writeTo(log))) {
            if (found != null) {
                found.writeTo(log);
            }
            sync();
            forEach(found, layout, entry -> apply(entry, state));
        }
        retire(state);
    }

    private void requireFit(LogOrigin found, FileChannel state) throws IOException {
        LogOrigin.Comparison comparison = found.new Comparison();
        if (forEach(found, Layout.SALTED, comparison::add) && !comparison.fits(state)) {
            throw new ForeignLogException(file);
        }
    }

    /** A log with a torn head has no entry yet. A log of a later version may have some, so its mark is refused. */
    private void requireKnownMark() throws IOException {
        ByteBuffer mark = ByteBuffer.allocate(Long.BYTES);
        if (!FileBytes.read(log, mark, 0) || mark.slice(0, MARK.length).mismatch(ByteBuffer.wrap(MARK)) >= 0) {
            return;
        }
        if (mark.getLong(0) != LogOrigin.MARK && mark.getLong(0) != Layout.UNSALTED.mark()) {
            throw new ForeignLogException(file, new String(mark.array(), US_ASCII));
        }
    }

    /**
     * Empties the log after all its entries are applied; from then on the file may be changed without it.
     *
     * @throws IOException when the file or the log may not be on the disk; the log then keeps its entries
     */
    void retire(FileChannel state) throws IOException {
        if (log.size() > 0) {
            syncFile(state);
            log.truncate(0);
            log.force(true);
        }
        origin = null;
    }

    /** @throws IOException also when the sync reports success, but the file system has abandoned its journal */
    void syncFile(FileChannel state) throws IOException {
        state.force(true);
        journal.requireAlive();
    }

    private interface EntryAction {
        void accept(RedoEntry entry) throws IOException;
    }

    /** Returns whether the log has an entry. */
    private boolean forEach(@Nullable LogOrigin found, Layout layout, EntryAction action) throws IOException {
        long salt = found == null ? 0 : found.salt();
        RedoEntry last = null;
        RedoEntry next = RedoEntry.read(log, found == null ? 0 : LogOrigin.LENGTH, layout);
        while (next != null && next.salt() == salt && (last == null || next.number() == last.number() + 1)) {
            action.accept(next);
            last = next;
            next = RedoEntry.read(log, next.end(), layout);
        }
        return last != null;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
