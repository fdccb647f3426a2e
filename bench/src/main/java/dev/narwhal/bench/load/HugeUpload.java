package dev.narwhal.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One upload that is larger than the disk, sent by one connection in many PATCHes. Its first PATCH tells the length: a creation
 * with that length is refused for want of room.
 */
public final class HugeUpload implements AutoCloseable {

    private final TusConnection tus;
    private final ByteBuffer block = Loads.block();
    private final String path;
    private final long length;
    private long offset;

    public HugeUpload(Target target, long length) throws IOException {
        this.tus = new TusConnection(target);
        this.length = length;
        tus.send(tus.head("POST", target.path(), "Upload-Defer-Length: 1\r\n" + TusConnection.contentLength(0)));
        this.path = TusConnection.location(tus.expect(201, false));
    }

    /**
     * One PATCH, which must be accepted whole.
     *
     * @param most bytes; fewer at the upload's end
     * @return nanoseconds to the answer
     */
    public long patch(long most) throws IOException {
        long bytes = Math.min(most, length - offset);
        long begin = System.nanoTime();
        String told = offset == 0 ? "Upload-Length: " + length + "\r\n" : "";
        tus.send(tus.patch(path, offset, told + TusConnection.contentLength(bytes)));
        tus.send(block, bytes);
        offset += bytes;
        Loads.requireOffset(tus.expect(204, true), offset);
        return System.nanoTime() - begin;
    }

    public long offset() {
        return offset;
    }

    public boolean isComplete() {
        return offset == length;
    }

    public String id() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public void terminate() throws IOException {
        tus.send(tus.head("DELETE", path, ""));
        tus.expect(204, true);
    }

    @Override
    public void close() throws IOException {
        tus.close();
    }
}
