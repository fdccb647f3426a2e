package dev.narwhal.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM holds after a full collection, as its own {@code jcmd} tells. */
public final class LiveHeap {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final double KIB_PER_MIB = 1024;

    private LiveHeap() {}

    /** @return MiB, of all generations */
    public static double mib(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        double kib = 0;
        for (String line : jcmd(pid, "GC.heap_info").split("\n")) {
            Matcher used = USED.matcher(line);
            if (!line.contains("Metaspace") && !line.contains("class space") && used.find()) {
                kib += Long.parseLong(used.group(1));
            }
        }
        return kib / KIB_PER_MIB;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return Disk.command(program.toString(), Long.toString(pid), command);
    }
}
