package dev.narwhal.client.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Reads a {@link SourceFile}, and gives its last bytes only if it is still the file that it was: a server would take a
 * mixture of two versions for a whole file.
 *
 * <p>Supports marks, by position. The tus client marks each request's start; for a stream without marks it would keep the
 * whole request in memory.
 */
final class SourceStream extends InputStream {

    private static final int READS_BETWEEN_CHECKS = 512;

    private final SourceFile source;
    private final FileChannel channel;
    private long position;
    private long marked;
    private int reads;

    SourceStream(SourceFile source) throws SourceException {
        this.source = source;
        source.requireUnchanged();
        try {
            channel = FileChannel.open(source.path(), StandardOpenOption.READ);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    @Override
    public int read() throws SourceException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws SourceException {
        int wanted = (int) Math.min(length, source.size() - position);
        if (wanted <= 0) {
            return length == 0 ? 0 : -1;
        }
        int count = readHere(ByteBuffer.wrap(target, start, wanted));
        boolean last = count < 0 || position + count == source.size();
        if (last || reads++ % READS_BETWEEN_CHECKS == 0) {
            source.requireUnchanged();
        }
        if (count < 0) {
            throw new SourceException("ended before its size was reached", null);
        }
        position += count;
        return count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, source.size() - position));
        position += skipped;
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public synchronized void mark(int readLimit) {
        marked = position;
    }

    @Override
    public synchronized void reset() {
        position = marked;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private int readHere(ByteBuffer target) throws SourceException {
        try {
            return channel.read(target, position);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private static SourceException unreadable(IOException cause) {
        return new SourceException("cannot be read (" + cause.getMessage() + ")", cause);
    }
}
