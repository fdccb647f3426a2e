package dev.narwhal.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This process.
 *
 * @param id the machine's or container's name, for people: nothing is decided by it
 * @param incarnation this process's number in the database, never given twice
 */
public record Node(String id, long incarnation) {

    private static final Path LINUX_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int LONGEST_ID = 40;

    /** What the scheduler calls this process: whoever has picked a task is found by it. */
    public String name() {
        return "narwhal-" + id + "-" + incarnation;
    }

    static Node here(long incarnation) {
        String plain = machine().strip().replaceAll("[^A-Za-z0-9._-]", "_");
        String id = plain.substring(0, Math.min(LONGEST_ID, plain.length()));
        return new Node(id.isEmpty() ? "localhost" : id, incarnation);
    }

    /** Not by the network's names where the system tells it: a name server that does not answer would hold up the start. */
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
