package dev.narwhal.bench.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Writes what was measured into {@code docs/performance.md}, between its markers, and a chart of each row beside it. The text
 * around the markers stays.
 */
public final class Page {

    private Page() {}

    /** @param args {@code results=FILE}, as often as there are files; of a row that several have, the last one's counts */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        if (options.results().isEmpty()) {
            throw new IllegalArgumentException("Which results=FILE?");
        }
        write(
                options.project(),
                Results.read(options.results().stream()
                        .map(file ->
                                file.isAbsolute() ? file : options.project().resolve(file))
                        .toList()));
    }

    static void write(Path project, Results.Content content) throws IOException {
        Path docs = project.resolve("docs");
        Path charts = Files.createDirectories(docs.resolve("performance"));
        StringBuilder images = new StringBuilder();
        for (Results.Measured row : content.rows().values()) {
            if (!row.runs().isEmpty()) {
                Files.writeString(charts.resolve(row.id() + ".svg"), Chart.of(row));
                images.append("![")
                        .append(row.title())
                        .append("](performance/")
                        .append(row.id())
                        .append(".svg)\n\n");
            }
        }
        Path page = docs.resolve("performance.md");
        String text = Files.readString(page);
        text = between(text, "machine", machine(content));
        text = between(text, "table", MarkdownTable.of(content));
        text = between(text, "further", MarkdownTable.further(content));
        text = between(text, "charts", images.toString().stripTrailing() + "\n");
        text = between(text, "profile", MarkdownTable.profiles(content));
        Files.writeString(page, text);
        System.out.println(page.toAbsolutePath().normalize());
    }

    private static String between(String text, String name, String content) throws IOException {
        String begin = "<!-- " + name + ": generated -->\n";
        String end = "<!-- " + name + ": end -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException("The page has no markers of " + name);
        }
        return text.substring(0, from + begin.length()) + content + text.substring(to);
    }

    private static String machine(Results.Content content) {
        return content.machine().entrySet().stream()
                .map(fact -> "- " + fact.getKey() + ": " + fact.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
