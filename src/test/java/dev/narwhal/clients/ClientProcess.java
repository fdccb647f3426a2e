package dev.narwhal.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A command whose output is read line by line, errors included; it is killed when it takes more than five minutes. */
final class ClientProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;
    private final StringBuilder transcript = new StringBuilder();

    ClientProcess(Path directory, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        this.process = builder.start();
        // Only when it is late: what has ended by itself would lose the output that is not read yet.
        this.process.onExit().orTimeout(5, MINUTES).exceptionally(late -> process.destroyForcibly());
        this.output = process.inputReader(UTF_8);
        this.input = process.outputWriter(UTF_8);
    }

    /**
     * Reads on until a line begins with {@code beginning} and returns that line.
     *
     * @throws AssertionError with everything printed so far when the output ends before
     */
    String awaitLine(String beginning) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            transcript.append(line).append('\n');
            if (line.startsWith(beginning)) {
                return line;
            }
        }
        throw new AssertionError("No line began with '" + beginning + "':\n" + transcript);
    }

    void writeLine(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
    }

    /** Waits for the end; returns the exit status. */
    int awaitExit() throws IOException, InterruptedException {
        rest();
        return process.waitFor();
    }

    /** Reads to the end of the output; returns everything that has been read. */
    String rest() throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            transcript.append(line).append('\n');
        }
        return transcript();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The URL of a driver's upload, when its run has ended well. */
    URI awaitDone() throws IOException, InterruptedException {
        String line = awaitLine("DONE ");
        if (awaitExit() != 0) {
            throw new AssertionError("It ended with " + process.exitValue() + ":\n" + transcript);
        }
        return URI.create(line.substring("DONE ".length()));
    }

    /** Everything that has been read. */
    String transcript() {
        return transcript.toString();
    }

    /** SIGKILL, to the processes that it has started as well. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
