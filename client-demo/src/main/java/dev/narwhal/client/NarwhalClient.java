package dev.narwhal.client;

import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The program. Exit code 0: everything was done; 1: something was not; 2: it was called wrongly. */
@Command(
        name = "narwhal-client",
        description = "Uploads files to a tus server, and goes on after any break.",
        mixinStandardHelpOptions = true,
        versionProvider = NarwhalClient.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class NarwhalClient implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // Filled by picocli before run().
    private CommandSpec spec;

    public static void main(String[] arguments) {
        Surroundings surroundings = Surroundings.ofProcess(
                System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", "."));
        System.exit(commandLine(surroundings).execute(arguments));
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new NarwhalClient())
                .addSubcommand(new UploadCommand(surroundings))
                .registerConverter(ByteSize.class, converter(ByteSize::parse))
                .registerConverter(Duration.class, converter(Durations::parse))
                .registerConverter(Header.class, converter(Header::parse))
                // A file may be called "@list"; it is uploaded, not read for arguments.
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler(NarwhalClient::explain);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, for example: upload FILE --url URL");
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(String.valueOf(wrong.getMessage()));
            }
        };
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
        command.getErr().println("narwhal-client: unexpected: " + failure);
        failure.printStackTrace(command.getErr());
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = NarwhalClient.class.getPackage().getImplementationVersion();
            return new String[] {"narwhal-client " + (version == null ? "(not packaged)" : version)};
        }
    }
}
