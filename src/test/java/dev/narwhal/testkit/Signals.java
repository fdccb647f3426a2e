package dev.narwhal.testkit;

import java.io.IOException;

/** Signals that Java itself cannot send. */
final class Signals {

    private Signals() {}

    /** @param signal without its SIG; a process that is gone is no failure */
    static void send(String signal, long pid) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            int unused = kill.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
