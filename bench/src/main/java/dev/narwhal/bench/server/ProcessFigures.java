package dev.narwhal.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the kernel says about a process with all its threads; on Linux. */
public final class ProcessFigures {

    /** A tick of /proc/PID/stat, which is 10 ms on every Linux of today. */
    private static final double TICK = 0.01;

    private static final double KIB_PER_MIB = 1024;
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private final Path proc;

    public ProcessFigures(long pid) {
        this.proc = Path.of("/proc", Long.toString(pid));
    }

    /** Seconds of processor time, user and system. */
    public double processorSeconds() throws IOException {
        return seconds(proc.resolve("stat"));
    }

    /** @param stat of a process or of one of its threads */
    static double seconds(Path stat) throws IOException {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) * TICK;
    }

    /** MiB of memory at present. */
    public double residentMib() throws IOException {
        return status("VmRSS:");
    }

    /** The most MiB since {@link #forgetPeak()}. */
    public double peakMib() throws IOException {
        return status("VmHWM:");
    }

    public void forgetPeak() throws IOException {
        Files.writeString(proc.resolve("clear_refs"), "5", StandardOpenOption.WRITE);
    }

    private double status(String key) throws IOException {
        for (String line : Files.readAllLines(proc.resolve("status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()).strip().split(" ")[0]) / KIB_PER_MIB;
            }
        }
        throw new IOException("No " + key + " in " + proc + "/status");
    }
}
