package dev.narwhal.conformance;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One server's results as they are printed, and compared. */
record Report(Catalogue catalogue, ServerResult result) {

    String text() {
        StringBuilder text = new StringBuilder();
        String section = "";
        for (Catalogue.Entry entry : catalogue.entries().values()) {
            if (!entry.section().equals(section)) {
                section = entry.section();
                text.append('\n').append(section).append('\n');
            }
            item(text, entry, verdict(entry));
        }
        return text.append('\n').append(summary()).toString();
    }

    private static void item(StringBuilder text, Catalogue.Entry entry, ItemResult item) {
        text.append("%-5s %-7s %-11s %s%n"
                .formatted(
                        entry.name(),
                        entry.level().word(),
                        item.verdict() == Verdict.FAILED
                                ? "FAILED"
                                : item.verdict().word(),
                        entry.sentence()));
        item.why().forEach(why -> text.append(" ".repeat(26)).append(why).append('\n'));
    }

    private String summary() {
        StringBuilder text = new StringBuilder("%s %s (offers %s)%n"
                .formatted(
                        result.server(),
                        result.version(),
                        result.offers().isEmpty() ? "no extension" : String.join(", ", result.offers())));
        text.append("%-8s %8s %8s %12s %12s%n".formatted("", "passed", "failed", "not offered", "not tested"));
        for (Item.Level level : Item.Level.values()) {
            text.append("%-8s %8d %8d %12d %12d%n"
                    .formatted(
                            level.word(),
                            count(level, Verdict.PASSED),
                            count(level, Verdict.FAILED),
                            count(level, Verdict.NOT_OFFERED),
                            count(level, Verdict.NOT_TESTED)));
        }
        List<String> red = failures(Set.of(Item.Level.values()));
        return text.append(red.isEmpty() ? "Nothing failed." : red.size() + " failed: " + String.join(", ", red))
                .append('\n')
                .toString();
    }

    long count(Item.Level level, Verdict verdict) {
        return catalogue.entries().values().stream()
                .filter(entry -> entry.level() == level && verdict(entry).verdict() == verdict)
                .count();
    }

    /** Names of the items of these levels that failed. */
    List<String> failures(Set<Item.Level> levels) {
        return catalogue.entries().values().stream()
                .filter(entry ->
                        levels.contains(entry.level()) && verdict(entry).verdict() == Verdict.FAILED)
                .map(Catalogue.Entry::name)
                .toList();
    }

    /** Where this result says another thing than that one; what either did not test is left out. */
    List<String> differences(ServerResult expected) {
        List<String> differences = new ArrayList<>();
        for (Catalogue.Entry entry : catalogue.entries().values()) {
            ItemResult then = Objects.requireNonNull(expected.items().get(entry.number()), entry.name());
            ItemResult now = verdict(entry);
            boolean known = then.verdict() != Verdict.NOT_TESTED && now.verdict() != Verdict.NOT_TESTED;
            if (known && then.verdict() != now.verdict()) {
                differences.add(entry.name() + " " + now.verdict().word() + ", expected "
                        + then.verdict().word()
                        + now.why().stream().map(why -> "\n    " + why).collect(joining()));
            }
        }
        return differences;
    }

    ItemResult verdict(Catalogue.Entry entry) {
        return Objects.requireNonNull(result.items().get(entry.number()), entry.name());
    }
}
