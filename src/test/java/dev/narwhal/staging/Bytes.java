package dev.narwhal.staging;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Bodies, and what becomes of them. */
final class Bytes {

    private Bytes() {}

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Appends {@code content} from {@code from} to {@code to}, in reads as large as the room that is given. */
    static void append(StagedAppend append, byte[] content, int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            at += fill(append, content, at, to - at);
        }
    }

    /** One read of at most {@code most} bytes. */
    static int fill(StagedAppend append, byte[] content, int at, int most) throws IOException {
        ByteBuffer room = append.buffer();
        int bytes = Math.min(most, room.remaining());
        room.put(content, at, bytes);
        append.received(bytes);
        return bytes;
    }

    static byte[] read(StagingStore store, UploadId id, long length) throws IOException {
        try (StagedContent content = store.read(id, length)) {
            return read(content);
        }
    }

    static byte[] read(StagedContent content) throws IOException {
        ByteBuffer target = ByteBuffer.allocate((int) content.length());
        while (target.hasRemaining()) {
            if (content.read(target, target.position()) < 0) {
                throw new IOException("Ends at " + target.position() + " of " + content.length());
            }
        }
        return target.array();
    }
}
