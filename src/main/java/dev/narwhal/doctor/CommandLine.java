package dev.narwhal.doctor;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.springframework.context.ConfigurableApplicationContext;

/** The jar's commands: its first argument is a word and not a setting. */
public final class CommandLine {

    private static final int WRONG_USAGE = 2;
    private static final String JSON = "--json";

    private static final String USAGE = """
            Usage: java -jar narwhal.jar [--SETTING=VALUE...]           starts the server
                   java -jar narwhal.jar doctor [--json] [--SETTING=VALUE...]
                                                                        checks what a server with these settings needs
                   java -jar narwhal.jar keys create --owner=NAME --scopes=SCOPE,... [--expires=30d] [--SETTING=VALUE...]
                                                                        makes an API key, the last line on standard output;
                                                                        scopes: upload, read, operate, admin
                   java -jar narwhal.jar keys list                      lists the API keys
                   java -jar narwhal.jar keys rotate ID [--grace=1d]    gives a key a new secret
                   java -jar narwhal.jar keys revoke ID                 ends a key
                   java -jar narwhal.jar train                          starts a server of its own, uploads, and ends: for a
                                                                        cache of the JVM, see docs/operations.md
                   java -jar narwhal.jar version                        says which version this is
                   java -jar narwhal.jar help                           says this

            keys works beside a running server and without one; it needs the server's settings, and its user.
            doctor changes nothing, and works beside a running server. Its exit status is 0 when nothing has failed, else 1.
            The settings are listed in docs/configuration.md.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final Training training;

    CommandLine(PrintStream out, PrintStream err, Training training) {
        this.training = training;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the command in the arguments.
     * @param server starts a server with the given arguments, for a command that needs one
     * @return its exit status: 0 or 1, or 2 for wrong usage; empty when there is no command, so that the server starts
     */
    public static OptionalInt run(Function<String[], ConfigurableApplicationContext> server, String... arguments) {
        return new CommandLine(System.out, System.err, new Training(server)).execute(List.of(arguments));
    }

    OptionalInt execute(List<String> arguments) {
        String command = arguments.isEmpty() ? "--" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        return switch (command) {
            case "doctor" -> OptionalInt.of(doctor(rest));
            case "keys" -> OptionalInt.of(new KeysCommand(out, err, rest).run());
            case "train" -> OptionalInt.of(rest.isEmpty() ? train() : wrong("train takes nothing"));
            case "version", "--version" -> OptionalInt.of(rest.isEmpty() ? version() : wrong("version takes nothing"));
            case "help", "--help", "-h" -> OptionalInt.of(help());
            default ->
                command.startsWith("--")
                        ? OptionalInt.empty()
                        : OptionalInt.of(wrong("'" + command + "' is no command"));
        };
    }

    private int train() {
        try {
            training.run();
            return 0;
        } catch (IOException e) {
            err.println("Narwhal: the training has failed: " + e.getMessage());
            return 1;
        }
    }

    private int version() {
        out.print(Version.ofThisBuild().text());
        return 0;
    }

    private int help() {
        out.print(USAGE);
        return 0;
    }

    private int wrong(String why) {
        err.println("Narwhal: " + why + ".");
        err.print(USAGE);
        return WRONG_USAGE;
    }

    private int doctor(List<String> arguments) {
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                return wrong("'" + argument + "' is no setting");
            }
        }
        String[] settings =
                arguments.stream().filter(argument -> !argument.equals(JSON)).toArray(String[]::new);
        Report report = new Report(Version.ofThisBuild(), new Doctor(Clock.systemUTC()).examine(settings));
        out.print(arguments.contains(JSON) ? report.json() : report.text());
        out.flush();
        return report.worst() == Verdict.FAIL ? 1 : 0;
    }
}
