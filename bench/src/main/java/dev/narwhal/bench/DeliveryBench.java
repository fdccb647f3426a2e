package dev.narwhal.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.ToDoubleFunction;

/**
 * How long a file takes to its object: straight to the store by a plain multipart upload, and through Narwhal, once for each
 * variant of its settings; all of them in turn, round after round, so that a machine that has become slower is so for each.
 */
public final class DeliveryBench {

    private final Arguments arguments;
    private final ObjectStore store;
    private final Path file;
    private final Map<String, List<Run>> runs = new LinkedHashMap<>();

    /**
     * What one upload took, in seconds: to the last byte's answer (to the last part's, without Narwhal), from it to the
     * object, and of Narwhal's processor time.
     */
    record Run(double upload, double delivery, double processor) {

        double whole() {
            return upload + delivery;
        }
    }

    private DeliveryBench(Arguments arguments, ObjectStore store, Path file) {
        this.arguments = arguments;
        this.store = store;
        this.file = file;
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        Path scratch = Files.createTempDirectory(arguments.scratch(), "bench");
        try (ObjectStore store = ObjectStore.of(arguments, scratch)) {
            Path file = scratch.resolve("file");
            fill(file, arguments.size());
            new DeliveryBench(arguments, store, file).run(scratch);
        } finally {
            Scratch.delete(scratch);
        }
    }

    private static void fill(Path file, long size) throws IOException {
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

    private void run(Path scratch) throws Exception {
        Map<String, NarwhalServer> servers = new LinkedHashMap<>();
        try {
            for (String variant : arguments.variants()) {
                servers.put(variant, NarwhalServer.start(arguments, store, scratch, variant));
            }
            for (int round = -arguments.warmUps(); round < arguments.rounds(); round++) {
                measure(round, servers);
            }
        } finally {
            servers.values().forEach(NarwhalServer::close);
        }
        runs.forEach(DeliveryBench::summarize);
    }

    private void measure(int round, Map<String, NarwhalServer> servers) throws Exception {
        note(round, "plain", plain());
        for (String program : arguments.programs()) {
            note(round, "program " + program, by(program));
        }
        for (Map.Entry<String, NarwhalServer> server : servers.entrySet()) {
            note(round, "narwhal " + server.getKey(), through(server.getValue()));
        }
    }

    private Run plain() throws Exception {
        String key = "plain/" + UUID.randomUUID();
        long begin = System.nanoTime();
        double parts = store.upload(file, key);
        double whole = seconds(begin);
        store.delete(key);
        return new Run(parts, whole - parts, 0);
    }

    /** Somebody else's uploader, with its start. */
    private Run by(String program) throws Exception {
        String key = "program/" + UUID.randomUUID();
        long begin = System.nanoTime();
        store.uploadBy(program, file, key);
        double whole = seconds(begin);
        store.delete(key);
        return new Run(whole, 0, 0);
    }

    private Run through(NarwhalServer server) throws Exception {
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

    private void note(int round, String name, Run run) {
        print(
                round < 0 ? "warm-up" : "round " + (round + 1),
                name,
                run.upload(),
                run.delivery(),
                run.whole(),
                run.processor());
        if (round >= 0) {
            runs.computeIfAbsent(name, n -> new ArrayList<>()).add(run);
        }
    }

    private static void summarize(String name, List<Run> runs) {
        print(
                "median",
                name,
                median(runs, Run::upload),
                median(runs, Run::delivery),
                median(runs, Run::whole),
                median(runs, Run::processor));
    }

    private static void print(String when, String name, double... seconds) {
        System.out.printf(
                "%-8s first %6.2f s, then %6.2f s, whole %6.2f s, processor %6.2f s  %s%n",
                when, seconds[0], seconds[1], seconds[2], seconds[3], name);
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
