package dev.narwhal.conformance;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the user said by {@code -Dtus.*}.
 *
 * @param results the file to write
 * @param only items that are to be tested; empty for all
 * @param excluded items that are not to be tested
 * @param failOn levels of which a failure fails the run
 * @param expected a file with the verdicts that are expected; others fail the run
 */
record KitOptions(
        String name,
        String version,
        String setup,
        Path results,
        Set<Integer> only,
        Set<Integer> excluded,
        Set<Item.Level> failOn,
        Optional<Path> expected) {

    static KitOptions fromSystemProperties() {
        String url = property("url");
        if (!url.isEmpty() && !url.startsWith("http://")) {
            throw new IllegalArgumentException(
                    "tus.url must begin with http:// (the tests speak over plain sockets): " + url);
        }
        String name = property("name");
        if (name.isEmpty()) {
            name = url.isEmpty() ? "Narwhal" : URI.create(url).getAuthority();
        }
        String results = property("results");
        return new KitOptions(
                name,
                url.isEmpty() && property("version").isEmpty() ? property("own-version") : property("version"),
                property("setup"),
                Path.of(results.isEmpty() ? "target/conformance/" + fileName(name) + ".json" : results),
                items("only"),
                items("exclude"),
                levels(property("fail-on")),
                Optional.of(property("expect")).filter(path -> !path.isEmpty()).map(Path::of));
    }

    private static String property(String name) {
        return System.getProperty("tus." + name, "").strip();
    }

    private static String fileName(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^-|-$", "");
    }

    private static List<String> list(String text) {
        return Stream.of(text.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Set<Integer> items(String name) {
        return list(property(name)).stream().map(word -> item(name, word)).collect(Collectors.toUnmodifiableSet());
    }

    private static int item(String name, String word) {
        if (!word.matches("[Tt]?[0-9]{1,3}")) {
            throw new IllegalArgumentException("tus." + name + " names items, such as T13,T15; not '" + word + "'");
        }
        return Catalogue.standard()
                .entry(Integer.parseInt(word.replaceFirst("[Tt]", "")))
                .number();
    }

    /** True when a test of these items is to be run. */
    boolean wants(int[] items) {
        return items.length > 0
                && Arrays.stream(items).noneMatch(excluded::contains)
                && (only.isEmpty() || Arrays.stream(items).anyMatch(only::contains));
    }

    private static Set<Item.Level> levels(String text) {
        Set<Item.Level> levels = EnumSet.noneOf(Item.Level.class);
        for (String word : list(text)) {
            if (word.equalsIgnoreCase("all")) {
                return EnumSet.allOf(Item.Level.class);
            }
            levels.add(Arrays.stream(Item.Level.values())
                    .filter(level -> level.word().equalsIgnoreCase(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "tus.fail-on is a list of MUST, SHOULD, MAY, interop, or all; not '" + word + "'")));
        }
        return levels;
    }
}
