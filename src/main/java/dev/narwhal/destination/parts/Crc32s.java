package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/** CRC32 of ranges, and of whole objects from the CRC32s of their parts. As text: base64 of its four bytes, big-endian. */
public final class Crc32s {

    private static final int BUFFER = 256 * 1024;
    private static final int BITS = 32;
    private static final int POLYNOMIAL = 0xEDB88320;

    private Crc32s() {}

    /** The CRC32 of {@code length} bytes, starting at {@code position}. */
    public static int of(ContentSource content, long position, long length) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, length)));
        long end = position + length;
        for (long at = position; at < end; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int read = content.read(buffer, at);
            if (read < 0) {
                throw new EOFException("The content ends at " + at + " instead of " + content.length());
            }
            crc.update(buffer.flip());
            at += read;
        }
        return (int) crc.getValue();
    }

    public static String encode(int crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt(crc).array());
    }

    public static int decode(String base64) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(base64)).getInt();
    }

    /** The CRC32 of the whole object, from the CRC32s of its parts in order. */
    public static String fullObject(PartPlan plan, List<SentPart> parts) {
        int crc = 0;
        for (SentPart part : parts) {
            crc = combine(crc, decode(checksum(part)), plan.size(part.number()));
        }
        return encode(crc);
    }

    /** The CRC32 over the parts' CRC32s, then a dash and the number of parts: S3's composite checksum. */
    public static String composite(List<SentPart> parts) {
        CRC32 crc = new CRC32();
        for (SentPart part : parts) {
            crc.update(Base64.getDecoder().decode(checksum(part)));
        }
        return encode((int) crc.getValue()) + "-" + parts.size();
    }

    private static String checksum(SentPart part) {
        if (part.crc32() == null) {
            throw new IllegalArgumentException("Part " + part.number() + " has no checksum");
        }
        return part.crc32();
    }

    /**
     * The CRC32 of two concatenated pieces, from the CRC32 of each and the length of the second. It advances the first CRC
     * by that many zero bytes. Advancing is linear over GF(2), so one squaring of a 32 by 32 matrix for each bit of the
     * length suffices.
     */
    public static int combine(int first, int second, long secondLength) {
        int[] step = zeroByte();
        int moved = first;
        for (long left = secondLength; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                moved = times(step, moved);
            }
            step = square(step);
        }
        return moved ^ second;
    }

    /** The matrix that advances a CRC by one zero byte. */
    private static int[] zeroByte() {
        int[] bit = new int[BITS];
        bit[0] = POLYNOMIAL;
        for (int i = 1; i < BITS; i++) {
            bit[i] = 1 << (i - 1);
        }
        return square(square(square(bit)));
    }

    private static int[] square(int[] matrix) {
        int[] result = new int[BITS];
        for (int i = 0; i < BITS; i++) {
            result[i] = times(matrix, matrix[i]);
        }
        return result;
    }

    private static int times(int[] matrix, int vector) {
        int sum = 0;
        for (int i = 0, left = vector; left != 0; i++, left >>>= 1) {
            if ((left & 1) != 0) {
                sum ^= matrix[i];
            }
        }
        return sum;
    }
}
