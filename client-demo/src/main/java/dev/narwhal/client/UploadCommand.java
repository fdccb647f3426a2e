package dev.narwhal.client;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upload FILE...}: each file in turn; one that fails does not keep the next ones from going. */
@Command(
        name = "upload",
        description = "Uploads files, one after the other. Called again after a stop, it goes on where it was.",
        mixinStandardHelpOptions = true,
        versionProvider = NarwhalClient.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every file is on the server", "1:some file is not", "2:called wrongly"},
        footerHeading = "%n")
final class UploadCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // Filled by picocli before call().
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to upload.")
    private List<Path> files = List.of();

    @Mixin
    private UploadOptions options = new UploadOptions();

    UploadCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        UploadRun run = checked();
        int done = 0;
        for (Path file : files) {
            done += run.upload(file) ? 1 : 0;
        }
        if (files.size() > 1) {
            out().println(done + " of " + files.size() + " files uploaded");
        }
        return done == files.size() ? 0 : 1;
    }

    /** Values out of range are the caller's mistake, told in the words of whoever refuses them. */
    private UploadRun checked() {
        try {
            return new UploadRun(
                    options, surroundings, out(), spec.commandLine().getErr());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
