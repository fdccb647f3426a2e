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
 * What is about to be written to a file, in entries that are durable before the file is touched. Doing again what it says,
 * from its first entry to its last whole one, leads to the same file, however often and whatever of it was done already.
 *
 * <p>It begins with a {@link LogOrigin}, then come {@linkplain RedoEntry entries} with the origin's salt. Numbers grow by one;
 * where they do not, or the salt is another one, the log ends.
 */
final class RedoLog implements Closeable {

    private static final long FULL = 16L << 20;
    private static final byte[] MARK = "Narwhal".getBytes(US_ASCII);

    private final FileChannel log;
    private final String file;
    private final Journal journal;

    /** Null until something has to be written. */
    private @Nullable LogOrigin origin;

    private long end;
    private long number;

    /**
     * @param file its name, for people
     * @param journal of the file system that holds the log, and the file
     */
    RedoLog(FileChannel log, String file, Journal journal) {
        this.log = log;
        this.file = file;
        this.journal = journal;
    }

    /** Before the next entry the file has to be synced, and the log begun. */
    boolean mustBegin() {
        return origin == null || end > FULL;
    }

    /**
     * What comes now goes on from the file as it is. Old entries are written over, and end the log where they are left.
     *
     * @param state of the file, which was {@linkplain #syncFile synced} just now
     */
    void begin(FileChannel state) throws IOException {
        LogOrigin next = LogOrigin.of(state);
        next.writeTo(log);
        origin = next;
        end = LogOrigin.LENGTH;
        number = 0;
    }

    /**
     * Durable after a {@link #sync()}, before which the file must not be changed.
     *
     * @param state of the file, before
     */
    RedoEntry append(SortedMap<Long, ByteBuffer> blocks, long fileSize, FileChannel state) throws IOException {
        LogOrigin begun = origin;
        if (begun == null) {
            throw new IllegalStateException("The log " + file + " was not begun");
        }
        RedoEntry entry = RedoEntry.of(end, begun.salt(), number + 1, fileSize, blocks, state);
        entry.writeTo(log);
        end = entry.end();
        number++;
        return entry;
    }

    void sync() throws IOException {
        log.force(false);
        journal.requireAlive();
    }

    /**
     * Does to the file what the log says, durably, and empties the log.
     *
     * <p>An entry that can be read need not be on the disk: the process may have been killed before the sync, or the sync may
     * have failed, after which the kernel takes for clean what it has lost. So all entries are written once more and synced before
     * the file is touched.
     *
     * @throws ForeignLogException when the log goes on from another file, or another state of it; nothing has changed
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
            forEach(found, layout, entry -> entry.applyTo(state));
        }
        retire(state);
    }

    private void requireFit(LogOrigin found, FileChannel state) throws IOException {
        LogOrigin.Comparison comparison = found.new Comparison();
        if (forEach(found, Layout.SALTED, comparison::add) && !comparison.fits(state)) {
            throw new ForeignLogException(file);
        }
    }

    /** A log whose beginning is torn says nothing yet; one of a later version may. */
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
     * Empties the log, when all that it says was done to the file: from then on the file may be changed without it.
     *
     * @throws IOException when the file or the log may not be on the disk; then the log has kept what it said
     */
    void retire(FileChannel state) throws IOException {
        if (log.size() > 0) {
            syncFile(state);
            log.truncate(0);
            log.force(true);
        }
        origin = null;
    }

    /** @throws IOException also when the sync says that it has succeeded, and may have lied */
    void syncFile(FileChannel state) throws IOException {
        state.force(true);
        journal.requireAlive();
    }

    private interface EntryAction {
        void accept(RedoEntry entry) throws IOException;
    }

    /** Returns whether there is an entry. */
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
