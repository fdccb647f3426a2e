package dev.narwhal.staging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** A staged file, opened for reading: one handle for all readers, and another for direct reads. */
final class DiskContent implements StagedContent {

    private final Path path;
    private final long length;
    private final boolean whole;
    private final ChannelOpener opener;
    private final DirectReads direct;
    private final ReentrantLock reopening = new ReentrantLock();
    private volatile FileChannel channel;
    private volatile boolean closed;

    private DiskContent(
            Path path, long length, boolean whole, ChannelOpener opener, FileChannel channel, DirectReads direct) {
        this.path = path;
        this.length = length;
        this.whole = whole;
        this.opener = opener;
        this.channel = channel;
        this.direct = direct;
    }

    /**
     * Takes ownership of the channel, also when it fails.
     *
     * @throws StagingDamagedException when the file is shorter than {@code length}
     */
    static DiskContent over(FileChannel channel, Path path, long length, ChannelOpener opener, DirectIo directIo)
            throws IOException {
        try {
            long size = channel.size();
            if (size < length) {
                throw DiskStagingStore.tooShort(path, size, length);
            }
            return new DiskContent(path, length, size == length, opener, channel, new DirectReads(path, directIo));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("A position is at least 0, not " + position);
        }
        if (position >= length) {
            return -1;
        }
        int before = target.position();
        if (direct.read(target, position) > 0) {
            // The file may be longer than the recorded offset.
            target.position(before + (int) Math.min(target.position() - before, length - position));
            return target.position() - before;
        }
        int limit = target.limit();
        if (target.remaining() > length - position) {
            target.limit(target.position() + (int) (length - position));
        }
        try {
            return readAt(target, position);
        } finally {
            target.limit(limit);
        }
    }

    private int readAt(ByteBuffer target, long position) throws IOException {
        FileChannel current = channel;
        int read;
        try {
            read = Uninterrupted.call(() -> current.read(target, position));
        } catch (ClosedChannelException e) {
            // An interrupt of another reader inside the channel closes it for all readers.
            if (closed || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            FileChannel again = reopened(current);
            read = Uninterrupted.call(() -> again.read(target, position));
        }
        if (read < 0) {
            throw DiskStagingStore.tooShort(path, position, length);
        }
        return read;
    }

    private FileChannel reopened(FileChannel broken) throws IOException {
        reopening.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (channel == broken) {
                channel = opener.open(path, Set.of(StandardOpenOption.READ));
            }
            return channel;
        } finally {
            reopening.unlock();
        }
    }

    @Override
    public Optional<Path> file() {
        return whole ? Optional.of(path) : Optional.empty();
    }

    @Override
    public void close() {
        reopening.lock();
        try {
            closed = true;
            direct.close();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            reopening.unlock();
        }
    }
}
