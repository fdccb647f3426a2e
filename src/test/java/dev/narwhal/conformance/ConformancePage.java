package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes {@code docs/conformance.md} of the results in {@code docs/conformance}: {@code ./mvnw -Pconformance test-compile
 * exec:exec@page}. The same results give the same page.
 *
 * @param servers ours first
 */
record ConformancePage(Catalogue catalogue, Remarks remarks, List<Report> servers) {

    static final Path PAGE = Path.of("docs/conformance.md");
    static final Path RESULTS = Path.of("docs/conformance");

    private static final List<String> EXTENSIONS = List.of(
            "creation",
            "creation-with-upload",
            "creation-defer-length",
            "expiration",
            "checksum",
            "checksum-trailer",
            "termination",
            "concatenation",
            "concatenation-unfinished");

    public static void main(String[] arguments) throws IOException {
        Files.writeString(PAGE, read(RESULTS).text(), UTF_8);
        System.out.println("Written: " + PAGE);
    }

    static ConformancePage read(Path directory) throws IOException {
        Catalogue catalogue = Catalogue.standard();
        List<Report> servers = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".json"))
                    .sorted(Comparator.comparing((Path name) -> !name.endsWith("narwhal.json"))
                            .thenComparing(name -> name.toString().replace(".json", "")))
                    .toList()) {
                servers.add(new Report(catalogue, ServerResult.read(file)));
            }
        }
        return new ConformancePage(catalogue, Remarks.read(directory.resolve("remarks.txt")), servers);
    }

    String text() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        summary(page);
        failures(page);
        items(page);
        untested(page);
        return page.toString();
    }

    private static final String INTRODUCTION = """
            # Conformance

            <!-- Made by ./mvnw -Pconformance test-compile exec:exec@page from the files in docs/conformance. Not to be edited. -->

            What a tus 1.0.0 server does, item by item, as tests over plain sockets see it from outside. The tests are a kit
            that runs against any server: [conformance-kit.md](conformance-kit.md) tells how, and how to put a server into
            this table.

            An item has one of four levels: MUST, SHOULD and MAY stand so in tus 1.0.0; *interop* does not stand there, but
            stock clients, browsers or proxies need it, or an upload's safety does. A server that fails a MUST is not right;
            one that fails an interop item is right by the letter, and some client somewhere has trouble with it.

            | verdict | |
            | --- | --- |
            | ok | every test of the item passed |
            | **fails** | a test of the item failed |
            | not offered | OPTIONS does not list the extension, which nobody is obliged to have |
            | not tested | needs a server that the test itself starts, kills or sets up, or cannot be seen from outside |

            """;

    private void summary(StringBuilder page) {
        page.append("## Summary\n\nPassed and failed, by level:\n\n| server |");
        for (Item.Level level : Item.Level.values()) {
            page.append(' ').append(level.word()).append(" |");
        }
        page.append(" not offered | not tested | extensions that it lacks |\n| --- |")
                .append(" --- |".repeat(Item.Level.values().length + 3))
                .append('\n');
        for (Report server : servers) {
            page.append("| ").append(title(server)).append(" |");
            for (Item.Level level : Item.Level.values()) {
                page.append(" %d ok, %d fail |"
                        .formatted(server.count(level, Verdict.PASSED), server.count(level, Verdict.FAILED)));
            }
            page.append(" %d | %d | %s |\n"
                    .formatted(count(server, Verdict.NOT_OFFERED), count(server, Verdict.NOT_TESTED), lacking(server)));
        }
        page.append('\n');
    }

    private static long count(Report server, Verdict verdict) {
        return Stream.of(Item.Level.values())
                .mapToLong(level -> server.count(level, verdict))
                .sum();
    }

    private static String title(Report server) {
        ServerResult result = server.result();
        return result.server() + " " + result.version() + (result.setup().isEmpty() ? "" : ", " + result.setup());
    }

    /** Extensions of tus 1.0.0 that the server does not list. */
    static List<String> missing(Report server) {
        List<String> missing = new ArrayList<>(EXTENSIONS);
        missing.removeAll(server.result().offers());
        return missing;
    }

    private static String lacking(Report server) {
        return missing(server).isEmpty() ? "none" : String.join(", ", missing(server));
    }

    private void failures(StringBuilder page) {
        page.append("## What fails, and what that means\n\n");
        for (Report server : servers) {
            List<String> names = server.failures(Set.of(Item.Level.values()));
            page.append("**").append(title(server)).append("**\n\n");
            if (names.isEmpty()) {
                page.append("- nothing\n");
            }
            for (String name : names) {
                Catalogue.Entry entry = catalogue.entry(Integer.parseInt(name.substring(1)));
                page.append("- %s (%s) %s *%s*\n"
                        .formatted(
                                name,
                                entry.level().word(),
                                entry.sentence(),
                                remarks.on(server.result().server(), entry.number())));
            }
            page.append('\n');
        }
    }

    private void items(StringBuilder page) {
        page.append("## Item by item\n\n");
        for (int i = 0; i < servers.size(); i++) {
            page.append(letter(i)).append(": ").append(title(servers.get(i))).append("  \n");
        }
        String section = "";
        for (Catalogue.Entry entry : catalogue.entries().values()) {
            if (!entry.section().equals(section)) {
                section = entry.section();
                page.append("\n### ").append(section).append("\n\n| item | level | a right server |");
                for (int i = 0; i < servers.size(); i++) {
                    page.append(' ').append(letter(i)).append(" |");
                }
                page.append("\n| --- | --- | --- |")
                        .append(" --- |".repeat(servers.size()))
                        .append('\n');
            }
            page.append("| %s | %s | %s |".formatted(entry.name(), entry.level().word(), entry.sentence()));
            servers.forEach(
                    server -> page.append(' ').append(cell(server, entry)).append(" |"));
            page.append('\n');
        }
    }

    private static char letter(int index) {
        return (char) ('A' + index);
    }

    private static String cell(Report server, Catalogue.Entry entry) {
        return switch (server.verdict(entry).verdict()) {
            case PASSED -> "ok";
            case FAILED -> "**fails**";
            case NOT_OFFERED, NOT_TESTED -> server.verdict(entry).verdict().word();
        };
    }

    private void untested(StringBuilder page) {
        page.append("\n## Items without a test\n\n| item | why |\n| --- | --- |\n");
        catalogue.entries().values().stream()
                .filter(entry -> !entry.untested().isEmpty())
                .forEach(entry -> page.append("| %s | %s |\n".formatted(entry.name(), entry.untested())));
        page.append("\n## Items that this or that server could not be tested for\n\n");
        for (Report server : servers) {
            String items = catalogue.entries().values().stream()
                    .filter(entry -> entry.untested().isEmpty())
                    .map(server::verdict)
                    .filter(item -> item.verdict() == Verdict.NOT_TESTED)
                    .map(item -> "T" + item.item() + " (" + String.join("; ", item.why()) + ")")
                    .collect(joining(", "));
            page.append("- ").append(title(server)).append(": ");
            page.append(items.isEmpty() ? "none" : items).append('\n');
        }
    }

    /** What the failures of a server mean, in words of people who looked: {@code remarks.txt} beside the results. */
    record Remarks(List<Remark> remarks) {

        record Remark(String server, int item, String text) {}

        static Remarks read(Path file) throws IOException {
            List<Remark> remarks = new ArrayList<>();
            String server = "";
            for (String line : Files.readAllLines(file, UTF_8)) {
                if (line.startsWith("[")) {
                    server = line.substring(1, line.length() - 1);
                } else if (line.startsWith("T")) {
                    String[] parts = line.split("\\|", 2);
                    remarks.add(new Remark(
                            server, Integer.parseInt(parts[0].substring(1).strip()), parts[1].strip()));
                }
            }
            return new Remarks(List.copyOf(remarks));
        }

        String on(String server, int item) {
            return remarks.stream()
                    .filter(remark -> remark.server().equals(server) && remark.item() == item)
                    .map(Remark::text)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "docs/conformance/remarks.txt says nothing of T" + item + " of " + server));
        }
    }
}
