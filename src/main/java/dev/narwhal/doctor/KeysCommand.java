package dev.narwhal.doctor;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Audit;
import dev.narwhal.access.control.CommandResult;
import dev.narwhal.access.control.ControlClient;
import dev.narwhal.access.control.KeyCommands;
import dev.narwhal.staging.DataDirectory;
import dev.narwhal.staging.DataDirectoryProperties;
import dev.narwhal.startup.InspectedSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

/**
 * {@code narwhal keys …}: by the server that holds the data directory; by this process where there is none, or where the database is one
 * that several processes can use.
 */
final class KeysCommand {

    private static final Duration START = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 200;

    private final PrintStream out;
    private final PrintStream err;
    private final List<String> words;
    private final String[] settings;

    /** @param arguments words of the command and settings of the server, which have a dot in their name */
    KeysCommand(PrintStream out, PrintStream err, List<String> arguments) {
        this.out = out;
        this.err = err;
        this.words = arguments.stream().filter(argument -> !isSetting(argument)).toList();
        this.settings = arguments.stream().filter(KeysCommand::isSetting).toArray(String[]::new);
    }

    private static boolean isSetting(String argument) {
        return argument.startsWith("--") && argument.split("=", 2)[0].contains(".");
    }

    /** @return the exit status */
    int run() {
        InspectedSettings read;
        try {
            read = InspectedSettings.read(settings);
        } catch (RuntimeException e) {
            return fail(InspectedSettings.explainUnread(e));
        }
        if (!read.problems().isEmpty()) {
            return fail(read.problems().getFirst());
        }
        try {
            return print(execute(read));
        } catch (IOException e) {
            return fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return fail(read.explain(e));
        }
    }

    private CommandResult execute(InspectedSettings read) throws IOException {
        boolean isEmbedded = !StringUtils.hasText(read.environment().getProperty("spring.datasource.url"));
        if (isEmbedded) {
            Path directory = read.bind(DataDirectoryProperties.class)
                    .map(DataDirectoryProperties::path)
                    .orElseThrow();
            Optional<CommandResult> answer = byServer(directory);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        try (ConfigurableApplicationContext database = KeyDatabase.open(settings)) {
            return new KeyCommands(
                            database.getBean(ApiKeys.class),
                            database.getBean(Clock.class),
                            database.getBean(Audit.class))
                    .execute(words);
        }
    }

    /** A server that starts has the lock before it has the socket. */
    private Optional<CommandResult> byServer(Path directory) throws IOException {
        long begun = System.nanoTime();
        while (true) {
            Optional<CommandResult> answer = ControlClient.send(directory, words);
            if (answer.isPresent()) {
                return answer;
            }
            Optional<String> holder = DataDirectory.holder(directory);
            if (holder.isEmpty()) {
                return Optional.empty();
            }
            if (System.nanoTime() - begun > START.toNanos()) {
                throw new IOException("the data directory " + directory + " is in use by " + holder.get()
                        + ", which takes no commands: stop it, or use the API");
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private int print(CommandResult result) {
        err.print(result.err());
        err.flush();
        out.print(result.out());
        out.flush();
        if (result.status() == CommandResult.WRONG_USAGE) {
            err.println("\"narwhal help\" says how it is used.");
        }
        return result.status();
    }

    private int fail(String why) {
        err.println("Narwhal: " + why);
        return 1;
    }
}
