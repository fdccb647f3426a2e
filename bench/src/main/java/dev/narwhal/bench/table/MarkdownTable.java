package dev.narwhal.bench.table;

import dev.narwhal.bench.server.Candidates;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The medians as a table in Markdown. */
final class MarkdownTable {

    private static final double PERCENT = 100;
    private static final double THOUSAND = 1e3;

    private MarkdownTable() {}

    static String of(Results.Content content) {
        StringBuilder page = new StringBuilder("| row | server | median | p50 ms | p99 ms | processor | peak MiB |"
                + " Narwhal is better by |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        content.rows().values().forEach(row -> lines(page, row));
        return page.toString();
    }

    /** The figures that only some rows have. */
    static String further(Results.Content content) {
        StringBuilder page = new StringBuilder("| row | server | figure | median |\n| --- | --- | --- | --- |\n");
        for (Results.Measured row : content.rows().values()) {
            for (String candidate : inOrder(row)) {
                List<Figures> runs = row.runs().get(candidate);
                new TreeSet<>(runs.getFirst().more().keySet())
                        .forEach(figure -> page.append("| %s | %s | %s | %s |%n"
                                .formatted(
                                        row.id(),
                                        candidate,
                                        figure,
                                        number(Medians.of(
                                                runs, run -> run.more().getOrDefault(figure, Double.NaN))))));
            }
        }
        return page.toString();
    }

    /** Each profile as a table: its row's processor time by what the threads do. */
    static String profiles(Results.Content content) {
        StringBuilder page = new StringBuilder();
        for (Profile profile : content.profiles()) {
            boolean small = profile.unit().startsWith("ms");
            double factor = profile.total() * THOUSAND / PERCENT;
            String unit =
                    small ? profile.unit().replace("ms", "µs") : profile.unit().replace("s/", "ms/");
            page.append(
                    "| %s: what the processor does | %% | %s |%n| --- | --- | --- |%n".formatted(profile.row(), unit));
            profile.shares()
                    .forEach((name, share) ->
                            page.append("| %s | %.1f | %s |%n".formatted(name, share, number(share * factor))));
            page.append("| **All** | 100 | %s |%n%n".formatted(number(PERCENT * factor)));
        }
        return page.isEmpty() ? "" : page.toString().stripTrailing() + "\n";
    }

    private static void lines(StringBuilder page, Results.Measured row) {
        String first = "**" + row.id() + "** " + row.title();
        for (String candidate : inOrder(row)) {
            line(page, row, first, candidate, row.runs().get(candidate));
            first = "";
        }
        for (Map.Entry<String, String> failure : row.failures().entrySet()) {
            page.append("| %s | %s | – %s | | | | | |%n".formatted(first, failure.getKey(), failure.getValue()));
            first = "";
        }
    }

    /** Narwhal first, then its peers, then the limits. */
    static List<String> inOrder(Results.Measured row) {
        return row.runs().keySet().stream()
                .sorted(Comparator.comparingInt(Candidates.ORDER::indexOf))
                .toList();
    }

    private static void line(
            StringBuilder page, Results.Measured row, String first, String candidate, List<Figures> runs) {
        boolean compared = row.runs().containsKey(Candidates.NARWHAL) && !candidate.equals(Candidates.NARWHAL);
        page.append("| %s | %s | %s %s | %s | %s | %s %s | %s | %s |%n"
                .formatted(
                        first,
                        candidate,
                        number(Medians.rate(runs)),
                        row.unit(),
                        number(Medians.of(runs, Figures::p50)),
                        number(Medians.of(runs, Figures::p99)),
                        number(Medians.of(runs, Figures::processor)),
                        Double.isNaN(Medians.of(runs, Figures::processor)) ? "" : row.processorUnit(),
                        number(Medians.of(runs, Figures::peak)),
                        compared ? number(Medians.ratio(row, Candidates.NARWHAL, candidate)) + "×" : ""));
    }

    /** With three digits or more. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
