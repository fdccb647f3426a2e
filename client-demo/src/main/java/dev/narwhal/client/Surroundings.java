package dev.narwhal.client;

import dev.narwhal.client.resume.StateDirectory;
import java.io.Console;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the process finds around itself, read in one place.
 *
 * @param stateDirectory where unfinished uploads are remembered unless the user says otherwise
 * @param terminal somebody watches the standard output
 * @param nanos a clock that never jumps
 */
record Surroundings(Path stateDirectory, boolean terminal, Clock clock, LongSupplier nanos) {

    static Surroundings ofProcess(Map<String, String> environment, String systemName, String home) {
        return new Surroundings(
                StateDirectory.of(environment, systemName, Path.of(home)),
                isTerminal(System.console()),
                Clock.systemUTC(),
                System::nanoTime);
    }

    /** Since Java 22 there is a console without a terminal too; only then it has a method that tells. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }
}
