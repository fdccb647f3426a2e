package dev.narwhal.bench;

import dev.narwhal.bench.DeliveryRuns.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How long a file takes to its object: straight to the store by a plain multipart upload, and through Narwhal, once for each
 * variant of its settings; all of them in turn, round after round, so that a machine that has become slower is so for each.
 */
public final class DeliveryBench {

    private final Arguments arguments;
    private final DeliveryRuns delivery;
    private final Map<String, List<Run>> runs = new LinkedHashMap<>();

    private DeliveryBench(Arguments arguments, DeliveryRuns delivery) {
        this.arguments = arguments;
        this.delivery = delivery;
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = Arguments.of(args);
        Path scratch = Files.createTempDirectory(arguments.scratch(), "bench");
        try (DeliveryRuns delivery = DeliveryRuns.of(arguments, scratch)) {
            new DeliveryBench(arguments, delivery).run();
        } finally {
            Scratch.delete(scratch);
        }
    }

    private void run() throws Exception {
        Map<String, NarwhalServer> servers = new LinkedHashMap<>();
        try {
            for (String variant : arguments.variants()) {
                servers.put(variant, delivery.server(variant));
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
        note(round, "plain", delivery.plain());
        for (String program : arguments.programs()) {
            note(round, "program " + program, delivery.by(program));
        }
        for (Map.Entry<String, NarwhalServer> server : servers.entrySet()) {
            note(round, "narwhal " + server.getKey(), delivery.through(server.getValue()));
        }
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
}
