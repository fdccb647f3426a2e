package dev.narwhal.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Processor time of each thread of a process at one moment.
 *
 * @param seconds by thread id
 * @param kinds the thread's name without its number, by thread id
 */
public record ThreadTimes(Map<String, Double> seconds, Map<String, String> kinds) {

    public static ThreadTimes of(long pid) throws IOException {
        Map<String, Double> seconds = new HashMap<>();
        Map<String, String> kinds = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                String id = task.getFileName().toString();
                try {
                    kinds.put(id, Files.readString(task.resolve("comm")).strip().replaceAll("[-#\\d.]+$", ""));
                    seconds.put(id, ProcessFigures.seconds(task.resolve("stat")));
                } catch (IOException ended) {
                    seconds.remove(id);
                }
            }
        }
        return new ThreadTimes(seconds, kinds);
    }

    /** @return seconds by kind, of the threads that still live */
    public Map<String, Double> since(ThreadTimes before) {
        Map<String, Double> used = new HashMap<>();
        seconds.forEach(
                (id, now) -> used.merge(kinds.get(id), now - before.seconds().getOrDefault(id, 0.0), Double::sum));
        return used;
    }
}
