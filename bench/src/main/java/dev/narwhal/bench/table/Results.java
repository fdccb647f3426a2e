package dev.narwhal.bench.table;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All runs of all rows so far; written after each row. */
final class Results {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * A row's runs.
     *
     * @param runs by candidate
     * @param failures what a candidate could not do, by candidate
     */
    record Measured(
            String id,
            String title,
            String unit,
            boolean more,
            String processorUnit,
            Map<String, List<Figures>> runs,
            Map<String, String> failures) {}

    /** What a result file contains. */
    record Content(Map<String, String> machine, Map<String, Measured> rows, List<Profile> profiles) {}

    private final Path file;
    private final Content content;

    /** @param file null to keep them in memory only */
    Results(Path file, Map<String, String> machine) {
        this.file = file;
        this.content = new Content(machine, new LinkedHashMap<>(), new ArrayList<>());
    }

    Measured of(Row row) {
        return content.rows()
                .computeIfAbsent(
                        row.id(),
                        id -> new Measured(
                                id,
                                row.title(),
                                row.unit(),
                                row.more(),
                                row.processorUnit(),
                                new LinkedHashMap<>(),
                                new LinkedHashMap<>()));
    }

    /** @param round 0 or less for one that does not count */
    void add(Row row, String candidate, int round, Figures figures) {
        System.out.printf(
                "%-10s %-8s %-13s %s %s%s%s%s%s %s%n",
                row.id(),
                round <= 0 ? "warm-up" : "round " + round,
                candidate,
                MarkdownTable.number(figures.rate()),
                row.unit(),
                part(", p50 ms ", figures.p50()),
                part(", p99 ms ", figures.p99()),
                part(", processor " + row.processorUnit() + " ", figures.processor()),
                part(", peak MiB ", figures.peak()),
                figures.more().isEmpty() ? "" : figures.more());
        if (round > 0) {
            of(row).runs().computeIfAbsent(candidate, c -> new ArrayList<>()).add(figures);
        }
    }

    private static String part(String name, double value) {
        return Double.isNaN(value) ? "" : name + MarkdownTable.number(value);
    }

    void failed(Row row, String candidate, Exception why) {
        boolean cannot = why instanceof UnsupportedOperationException;
        String reason = cannot ? why.getMessage() : String.valueOf(why);
        System.out.println(row.id() + (cannot ? " cannot: " : " FAILED: ") + candidate + ": " + reason);
        of(row).failures().put(candidate, reason.lines().findFirst().orElse(""));
    }

    void add(Profile profile) {
        content.profiles().add(profile);
    }

    Content content() {
        return content;
    }

    void write() throws IOException {
        if (file != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, JSON.writeValueAsString(content) + "\n");
        }
    }

    static Content read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file), new TypeReference<>() {});
    }

    /** The runs of several files in one; a later file's row replaces an earlier one's. */
    static Content read(List<Path> files) throws IOException {
        Content all = new Content(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        for (Path file : files) {
            Content next = read(file);
            all.machine().putAll(next.machine());
            all.rows().putAll(next.rows());
            all.profiles()
                    .removeIf(old ->
                            next.profiles().stream().anyMatch(p -> p.row().equals(old.row())));
            all.profiles().addAll(next.profiles());
        }
        return all;
    }
}
