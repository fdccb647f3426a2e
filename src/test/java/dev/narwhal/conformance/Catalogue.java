package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The items that a server is tested for: {@code items.txt} beside this class. */
record Catalogue(SequencedMap<Integer, Entry> entries) {

    private static final Catalogue STANDARD = read();

    /**
     * @param section the group that it stands in
     * @param needs extensions without which it means nothing
     * @param sentence what a right server does
     * @param untested why no test shows it; empty when one does
     */
    record Entry(int number, Item.Level level, String section, List<String> needs, String sentence, String untested) {

        Entry {
            if (number < 1 || sentence.isBlank() || section.isBlank()) {
                throw new IllegalArgumentException("Item " + number + " has no number, section or sentence");
            }
            needs = List.copyOf(needs);
        }

        String name() {
            return "T" + number;
        }
    }

    static Catalogue standard() {
        return STANDARD;
    }

    Entry entry(int number) {
        Entry entry = entries.get(number);
        if (entry == null) {
            throw new IllegalArgumentException("There is no item " + number);
        }
        return entry;
    }

    /** What the server must offer for a test to make sense, in the order of the items, each once. */
    List<String> needs(Item item) {
        return Stream.concat(
                        Arrays.stream(item.value()).boxed().flatMap(number -> entry(number).needs().stream()),
                        Arrays.stream(item.needs()))
                .distinct()
                .toList();
    }

    private static Catalogue read() {
        SequencedMap<Integer, Entry> entries = new TreeMap<>();
        String section = "";
        for (String line : lines()) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.startsWith("#") && !line.isBlank()) {
                Entry entry = parse(section, line);
                if (entries.put(entry.number(), entry) != null) {
                    throw new IllegalArgumentException("Item " + entry.number() + " stands there twice");
                }
            }
        }
        return new Catalogue(entries);
    }

    private static List<String> lines() {
        InputStream resource = Catalogue.class.getResourceAsStream("items.txt");
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Objects.requireNonNull(resource, "items.txt"), UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry parse(String section, String line) {
        List<String> fields = new ArrayList<>();
        for (String field : line.split("\\|", -1)) {
            fields.add(field.strip());
        }
        if (fields.size() != 5) {
            throw new IllegalArgumentException("Not five fields: " + line);
        }
        List<String> needs = fields.get(2).isEmpty()
                ? List.of()
                : Arrays.stream(fields.get(2).split(",")).map(String::strip).toList();
        return new Entry(
                Integer.parseInt(fields.get(0)),
                Item.Level.valueOf(fields.get(1)),
                section,
                needs,
                fields.get(3),
                fields.get(4));
    }
}
