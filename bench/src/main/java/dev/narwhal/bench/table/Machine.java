package dev.narwhal.bench.table;

import dev.narwhal.bench.server.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the numbers were measured on. */
final class Machine {

    private static final long GIB = 1L << 30;

    private Machine() {}

    static Map<String, String> describe(Path scratch) throws IOException, InterruptedException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("date", LocalDate.now().toString());
        machine.put("processor", line("/proc/cpuinfo", "model name").replaceAll("\\s+", " "));
        machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("memory", kib(line("/proc/meminfo", "MemTotal")) + " GiB");
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("file system", Files.getFileStore(scratch).type());
        machine.put("Java", System.getProperty("java.vendor.version", "") + " " + Runtime.version());
        machine.put("Node", version("node", "--version"));
        machine.put("Go", version("go", "version"));
        return machine;
    }

    private static String line(String file, String key) throws IOException {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        }
    }

    private static long kib(String text) {
        return Math.round(Long.parseLong(text.split(" ")[0]) * 1024.0 / GIB);
    }

    private static String version(String... command) throws InterruptedException {
        try {
            return Disk.command(command).strip();
        } catch (IOException absent) {
            return "none";
        }
    }
}
