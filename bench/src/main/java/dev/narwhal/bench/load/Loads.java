package dev.narwhal.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** The loads of the table. Each creates what it needs before the common start. */
public final class Loads {

    static final int BLOCK = 1 << 20;
    private static final byte[] CONTENT = content();

    private Loads() {}

    private static byte[] content() {
        byte[] content = new byte[BLOCK];
        new Random(1).nextBytes(content);
        return content;
    }

    /** The block that every body repeats. */
    public static ByteBuffer block() {
        return ByteBuffer.allocateDirect(BLOCK).put(CONTENT).clear();
    }

    /** One upload a stream, in PATCHes of {@code chunk} bytes. */
    public static Load bodies(Target target, int streams, long size, long chunk) throws Exception {
        return Crowd.run(streams, (number, start, latencies) -> {
            ByteBuffer block = block();
            try (TusConnection tus = new TusConnection(target)) {
                String path = tus.create(size);
                start.await();
                for (long offset = 0; offset < size; ) {
                    long length = Math.min(chunk, size - offset);
                    long begin = System.nanoTime();
                    tus.send(tus.patch(path, offset, TusConnection.contentLength(length)));
                    tus.send(block, length);
                    offset += length;
                    requireOffset(tus.expect(204, true), offset);
                    latencies.add(System.nanoTime() - begin);
                }
            }
        });
    }

    static void requireOffset(Answer answer, long offset) throws IOException {
        if (!Long.toString(offset).equals(answer.header("upload-offset"))) {
            throw new IOException("Expected offset " + offset + ", not:\n" + answer);
        }
    }

    /** Creations with the whole content in their body. */
    public static Load creationsWithUpload(Target target, int connections, int count, int size) throws Exception {
        AtomicLong next = new AtomicLong();
        return Crowd.run(connections, (number, start, latencies) -> {
            try (TusConnection tus = new TusConnection(target)) {
                ByteBuffer request = request(tus.creation(size, size), size);
                start.await();
                while (next.getAndIncrement() < count) {
                    long begin = System.nanoTime();
                    tus.send(request.clear());
                    requireOffset(tus.expect(201, false), size);
                    latencies.add(System.nanoTime() - begin);
                }
            }
        });
    }

    private static ByteBuffer request(String head, int body) {
        byte[] text = head.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocateDirect(text.length + body)
                .put(text)
                .put(CONTENT, 0, body)
                .clear();
    }

    /** An empty creation each, and its content in one PATCH; both together are one operation. */
    public static Load creationsAndPatches(Target target, int connections, int count, int size) throws Exception {
        AtomicLong next = new AtomicLong();
        return Crowd.run(connections, (number, start, latencies) -> {
            try (TusConnection tus = new TusConnection(target)) {
                ByteBuffer creation = request(tus.creation(size, 0), 0);
                start.await();
                while (next.getAndIncrement() < count) {
                    long begin = System.nanoTime();
                    tus.send(creation.clear());
                    String path = TusConnection.location(tus.expect(201, false));
                    tus.send(tus.patch(path, 0, TusConnection.contentLength(size)), CONTENT, size);
                    requireOffset(tus.expect(204, true), size);
                    latencies.add(System.nanoTime() - begin);
                }
            }
        });
    }

    /** HEAD, an upload of its own for each connection, since some servers lock an upload for it. */
    public static Load heads(Target target, int connections, double seconds) throws Exception {
        return Crowd.run(connections, (number, start, latencies) -> {
            try (TusConnection tus = new TusConnection(target)) {
                ByteBuffer request = request(tus.head("HEAD", tus.create(BLOCK), ""), 0);
                start.await();
                long end = System.nanoTime() + (long) (seconds * 1e9);
                while (System.nanoTime() < end) {
                    long begin = System.nanoTime();
                    tus.send(request.clear());
                    Answer answer = tus.next(true);
                    if (answer.status() / 100 != 2) {
                        throw new IOException(answer.toString());
                    }
                    requireOffset(answer, 0);
                    latencies.add(System.nanoTime() - begin);
                }
            }
        });
    }
}
