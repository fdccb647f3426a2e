package dev.narwhal.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This process.
 *
 * @param id the name of the machine or container, for operators: no decision depends on it
 * @param incarnation this process's number in the database, never given twice
 */
public record Node(String id, long incarnation) {

    private static final Path LINUX_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int LONGEST_ID = 40;

    /** The name of this process in the scheduler's rows: it identifies the process that has picked a task. */
    public String name() {
        return "narwhal-" + id + "-" + incarnation;
    }

    static Node here(long incarnation) {
        String plain = machine().strip().replaceAll("[^A-Za-z0-9._-]", "_");
        String id = plain.substring(0, Math.min(LONGEST_ID, plain.length()));
        return new Node(id.isEmpty() ? "localhost" : id, incarnation);
    }

    /**
     * Reads the host's name from the system where possible, and not from the network: an unreachable name server would delay
     * the start.
     */
    private static String machine() {
        try {
            return Files.exists(LINUX_NAME)
                    ? Files.readString(LINUX_NAME)
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "";
        }
    }
}
