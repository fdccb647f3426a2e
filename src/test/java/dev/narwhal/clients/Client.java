package dev.narwhal.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client in one release, run by a driver: a small program in the client's own language. All drivers have one command
 * line:
 *
 * <pre>
 * upload FILE CREATION_URL [--store FILE] [--override] [--data-during-creation] [--defer-length] [--checksum]
 *        [--parallel N] [--chunk-size N]
 * terminate UPLOAD_URL
 * </pre>
 *
 * <p>A driver tries again by itself for about a minute, with whatever its client has for that; it prints {@code OFFSET n}
 * for what it was told to have arrived, and at the end {@code DONE url}, with status 0. {@code --store} names a file in
 * which the client remembers its upload: a run that finds one there goes on with it. Options that its client has nothing
 * for a driver need not know; {@link #cannot} says so.
 *
 * @param name with the release, as in the tables of {@code docs/clients.md}
 * @param command what a run begins with
 * @param installed what must be there for it to run; {@code .ci/clients} puts it there
 */
record Client(
        String name,
        Map<String, String> environment,
        List<String> command,
        Path installed,
        Map<Scenario, String> cannot,
        Map<Scenario, String> remarks) {

    private static final Path PROJECT = Path.of("").toAbsolutePath();

    static Client of(String name, Path installed, String... command) {
        return new Client(name, Map.of(), List.of(command), installed, Map.of(), Map.of());
    }

    Client withEnvironment(String variable, String value) {
        return new Client(name, Map.of(variable, value), command, installed, cannot, remarks);
    }

    /** The client has no such feature; the reason is a sentence. */
    Client cannot(String reason, Scenario... scenarios) {
        return new Client(name, environment, command, installed, with(cannot, reason, scenarios), remarks);
    }

    /** It works, but there is something to know; a sentence. */
    Client remark(String sentence, Scenario... scenarios) {
        return new Client(name, environment, command, installed, cannot, with(remarks, sentence, scenarios));
    }

    private static Map<Scenario, String> with(Map<Scenario, String> some, String text, Scenario... scenarios) {
        Map<Scenario, String> more = new EnumMap<>(Scenario.class);
        more.putAll(some);
        for (Scenario scenario : scenarios) {
            more.put(scenario, text);
        }
        return Map.copyOf(more);
    }

    /** Why it cannot be run on this machine: what {@code .ci/clients} wrote beside its place when it gave up. */
    Optional<String> skipped() throws IOException {
        Path note = installed.resolveSibling(installed.getFileName() + ".skipped");
        return Files.exists(note) ? Optional.of(Files.readString(note, UTF_8).strip()) : Optional.empty();
    }

    ClientProcess upload(Path file, URI creationUrl, String... options) throws IOException {
        return start("upload", List.of(file.toString(), creationUrl.toString()), options);
    }

    ClientProcess terminate(URI upload) throws IOException {
        return start("terminate", List.of(upload.toString()));
    }

    private ClientProcess start(String subcommand, List<String> operands, String... options) throws IOException {
        if (!Files.exists(installed)) {
            throw new IllegalStateException(installed + " is missing: run .ci/clients first");
        }
        List<String> words = new ArrayList<>(command);
        words.add(subcommand);
        words.addAll(operands);
        words.addAll(List.of(options));
        return new ClientProcess(PROJECT, environment, words.toArray(String[]::new));
    }

    @Override
    public String toString() {
        return name;
    }
}
