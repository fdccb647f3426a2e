package dev.narwhal.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One large upload in other forms than {@link Loads#bodies}, and its way back. */
public final class StreamLoads {

    /** As large as those of common clients. */
    private static final int CHUNK = 64 << 10;

    private static final Map<String, String> DIGESTS = new ConcurrentHashMap<>();

    private StreamLoads() {}

    /** A body in chunks, without a length: {@code Transfer-Encoding: chunked}. */
    public static Load chunked(Target target, long size) throws Exception {
        ByteBuffer chunks = chunks();
        return one(target, size, "Transfer-Encoding: chunked\r\n", tus -> {
            for (long left = size; left > 0; left -= Loads.BLOCK) {
                tus.send(chunks.clear());
            }
            tus.send("0\r\n\r\n");
        });
    }

    private static ByteBuffer chunks() {
        ByteBuffer content = Loads.block();
        byte[] head = (Integer.toHexString(CHUNK) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        int count = Loads.BLOCK / CHUNK;
        ByteBuffer chunks = ByteBuffer.allocateDirect(Loads.BLOCK + count * (head.length + 2));
        for (int i = 0; i < count; i++) {
            chunks.put(head)
                    .put(content.slice(i * CHUNK, CHUNK))
                    .put((byte) '\r')
                    .put((byte) '\n');
        }
        return chunks;
    }

    /** @param algorithm as tus names it, such as {@code sha256} */
    public static Load checksummed(Target target, long size, String algorithm) throws Exception {
        String checksum = DIGESTS.computeIfAbsent(algorithm + size, key -> digest(algorithm, size));
        ByteBuffer block = Loads.block();
        String headers = TusConnection.contentLength(size) + "Upload-Checksum: " + algorithm + " " + checksum + "\r\n";
        return one(target, size, headers, tus -> tus.send(block, size));
    }

    private static String digest(String algorithm, long size) {
        try {
            MessageDigest digest =
                    MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT).replace("SHA", "SHA-"));
            ByteBuffer block = Loads.block();
            for (long left = size; left > 0; left -= Loads.BLOCK) {
                digest.update(block.clear());
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(algorithm, e);
        }
    }

    @FunctionalInterface
    private interface Body {
        void send(TusConnection tus) throws IOException;
    }

    /** @param size a multiple of a block */
    private static Load one(Target target, long size, String headers, Body body) throws Exception {
        return Crowd.run(1, (number, start, latencies) -> {
            try (TusConnection tus = new TusConnection(target)) {
                String path = tus.create(size);
                start.await();
                long begin = System.nanoTime();
                tus.send(tus.patch(path, 0, headers));
                body.send(tus);
                Loads.requireOffset(tus.expect(204, true), size);
                latencies.add(System.nanoTime() - begin);
            }
        });
    }

    /** @return its path */
    public static String upload(Target target, long size) throws IOException {
        try (TusConnection tus = new TusConnection(target)) {
            String path = tus.create(size);
            tus.send(tus.patch(path, 0, TusConnection.contentLength(size)));
            tus.send(Loads.block(), size);
            tus.expect(204, true);
            return path;
        }
    }

    /**
     * GET, and the time to each first byte.
     *
     * @param streams 1 for the whole file, more for as many ranges at once
     * @throws UnsupportedOperationException when the server does not serve it so
     */
    public static Load download(Target target, String path, long size, int streams) throws Exception {
        long part = size / streams;
        return Crowd.run(streams, (number, start, latencies) -> {
            ByteBuffer block = Loads.block();
            try (TusConnection tus = new TusConnection(target)) {
                long from = number * part;
                String range = streams == 1 ? "" : "Range: bytes=" + from + "-" + (from + part - 1) + "\r\n";
                start.await();
                long begin = System.nanoTime();
                tus.send(tus.head("GET", path, range));
                requireStatus(tus.headOnly(), streams == 1 ? 200 : 206);
                long[] first = new long[1];
                tus.discard(block, part, first);
                latencies.add(first[0] - begin);
            }
        });
    }

    private static void requireStatus(Answer answer, int status) {
        if (answer.status() != status) {
            throw new UnsupportedOperationException(
                    "answers " + answer.status() + " to a GET" + (status == 206 ? " with a Range" : ""));
        }
    }
}
