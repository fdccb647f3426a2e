package dev.narwhal.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;

/** One file to one store: straight, by another program, and through servers. */
public final class DeliveryRuns implements AutoCloseable {

    private final ObjectStore store;
    private final Path file;
    private final Arguments arguments;
    private final Path scratch;

    /**
     * What one upload took, in seconds: to the last byte's answer (to the last part's, without Narwhal), from it to the
     * object, and of Narwhal's processor time.
     */
    public record Run(double upload, double delivery, double processor) {

        public double whole() {
            return upload + delivery;
        }
    }

    private DeliveryRuns(Arguments arguments, ObjectStore store, Path scratch) {
        this.arguments = arguments;
        this.store = store;
        this.scratch = scratch;
        this.file = scratch.resolve("file");
    }

    /** @param words as {@link DeliveryBench} takes them */
    public static DeliveryRuns of(Path scratch, String... words) throws Exception {
        return of(Arguments.of(words), scratch);
    }

    static DeliveryRuns of(Arguments arguments, Path scratch) throws Exception {
        DeliveryRuns runs = new DeliveryRuns(arguments, ObjectStore.of(arguments, scratch), scratch);
        runs.fill(arguments.size());
        return runs;
    }

    private void fill(long size) throws IOException {
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                channel.write(ByteBuffer.wrap(block, 0, (int) Math.min(left, block.length)));
            }
            channel.force(true);
        }
    }

    public Run plain() throws Exception {
        String key = "plain/" + UUID.randomUUID();
        long begin = System.nanoTime();
        double parts = store.upload(file, key);
        double whole = seconds(begin);
        store.delete(key);
        return new Run(parts, whole - parts, 0);
    }

    /** Somebody else's uploader, with its start. */
    Run by(String program) throws Exception {
        String key = "program/" + UUID.randomUUID();
        long begin = System.nanoTime();
        store.uploadBy(program, file, key);
        double whole = seconds(begin);
        store.delete(key);
        return new Run(whole, 0, 0);
    }

    /** @param variant settings of its own, or "" */
    NarwhalServer server(String variant) throws IOException, InterruptedException {
        return NarwhalServer.start(arguments, store, scratch, variant);
    }

    /** A server of its own for {@link #through}. */
    public Through server() throws IOException, InterruptedException {
        return new Through(this, server(""));
    }

    /** One server, and its way to the store. */
    public record Through(DeliveryRuns runs, NarwhalServer server) implements AutoCloseable {

        public Run run() throws Exception {
            return runs.through(server);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    Run through(NarwhalServer server) throws Exception {
        double processor = server.processorTime();
        long begin = System.nanoTime();
        String id = server.upload(file);
        double upload = seconds(begin);
        String key = "uploads/" + id;
        while (!store.has(key)) {
            Thread.sleep(Duration.ofMillis(20));
        }
        double whole = seconds(begin);
        double used = server.processorTime() - processor;
        server.awaitRest(id);
        store.delete(key);
        return new Run(upload, whole - upload, used);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() throws Exception {
        store.close();
    }
}
