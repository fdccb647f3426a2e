package dev.narwhal.bench.server;

import java.nio.file.Path;
import java.util.List;

/**
 * A server that can be started.
 *
 * @param path of its creation URL
 * @param command for a port and an empty directory
 */
public record Candidate(String name, String path, Command command) {

    /** Arguments of a process. */
    @FunctionalInterface
    public interface Command {
        List<String> of(int port, Path directory);
    }
}
