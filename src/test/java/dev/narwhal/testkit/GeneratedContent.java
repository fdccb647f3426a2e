package dev.narwhal.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Bytes that follow from a seed and their position, so that files of any size can be sent and compared without being kept.
 * No piece of it is like another.
 *
 * @param start where in the endless sequence of the seed it begins
 * @param length in bytes
 */
public record GeneratedContent(long seed, long start, long length) {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int BLOCK = 64 << 10;

    public GeneratedContent(long seed, long length) {
        this(seed, 0, length);
    }

    /** The bytes from {@code from} to {@code to} as a content of their own. */
    public GeneratedContent part(long from, long to) {
        return new GeneratedContent(seed, start + from, to - from);
    }

    /** The bytes from {@code from} to {@code to}, which is not among them. */
    public byte[] bytes(long from, long to) {
        byte[] bytes = new byte[Math.toIntExact(to - from)];
        fill(from, bytes, 0, bytes.length);
        return bytes;
    }

    /** The same as a stream, which tells after each read how far it has been read. */
    public InputStream stream(long from, long to, LongConsumer handedOut) {
        return new Generated(from, to, handedOut);
    }

    /** The position of the first byte that differs, or at which one of both ends; empty when nothing differs. */
    public OptionalLong mismatch(InputStream other) throws IOException {
        for (long position = 0; position < length; ) {
            int wanted = (int) Math.min(BLOCK, length - position);
            byte[] there = other.readNBytes(wanted);
            int differs = Arrays.mismatch(there, bytes(position, position + wanted));
            if (differs >= 0) {
                return OptionalLong.of(position + differs);
            }
            position += wanted;
        }
        return other.read() < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    private void fill(long position, byte[] target, int offset, int count) {
        long first = start + position;
        long word = word(first);
        for (int i = 0; i < count; i++) {
            int place = (int) ((first + i) & 7);
            if (place == 0) {
                word = word(first + i);
            }
            target[offset + i] = (byte) (word >>> (place * 8));
        }
    }

    private long word(long position) {
        long mixed = (seed + (position >>> 3)) * GOLDEN;
        mixed = (mixed ^ (mixed >>> 32)) * GOLDEN;
        return mixed ^ (mixed >>> 29);
    }

    private final class Generated extends InputStream {

        private final long end;
        private final LongConsumer handedOut;
        private long position;

        Generated(long from, long end, LongConsumer handedOut) {
            this.position = from;
            this.end = end;
            this.handedOut = handedOut;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int wanted) {
            int count = (int) Math.min(wanted, end - position);
            if (count <= 0) {
                return wanted == 0 ? 0 : -1;
            }
            fill(position, target, offset, count);
            position += count;
            handedOut.accept(position);
            return count;
        }
    }
}
