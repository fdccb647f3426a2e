package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.json.JsonWriter;

/**
 * One server's results, and their file: JSON with a line for each item, so that two of them can be compared by eye.
 *
 * @param setup how it was started, in words
 * @param offers what OPTIONS listed
 */
record ServerResult(
        String server, String version, String setup, List<String> offers, SequencedMap<Integer, ItemResult> items) {

    private static final JsonWriter<Object> JSON = JsonWriter.standard();

    ServerResult {
        offers = List.copyOf(offers);
    }

    static ServerResult read(Path file) throws IOException {
        Map<String, Object> json = JsonParserFactory.getJsonParser().parseMap(Files.readString(file, UTF_8));
        SequencedMap<Integer, ItemResult> items = new TreeMap<>();
        for (Object one : list(json.get("items"))) {
            ItemResult item = item(one);
            items.put(item.item(), item);
        }
        return new ServerResult(
                text(json.get("server")),
                text(json.get("version")),
                text(json.get("setup")),
                list(json.get("offers")).stream().map(ServerResult::text).toList(),
                items);
    }

    private static ItemResult item(Object json) {
        if (!(json instanceof Map<?, ?> fields) || !(fields.get("item") instanceof Number number)) {
            throw new IllegalArgumentException("Not an item: " + json);
        }
        Object why = fields.get("why");
        return new ItemResult(
                number.intValue(),
                Verdict.of(text(fields.get("verdict"))),
                why == null
                        ? List.of()
                        : list(why).stream().map(ServerResult::text).toList());
    }

    private static List<?> list(@Nullable Object json) {
        if (json instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("Not a list: " + json);
    }

    private static String text(@Nullable Object json) {
        if (json instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("Not a text: " + json);
    }

    void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, json(), UTF_8);
    }

    private String json() {
        List<String> lines = new ArrayList<>();
        for (ItemResult item : items.values()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("item", item.item());
            fields.put("verdict", item.verdict().word());
            if (!item.why().isEmpty()) {
                fields.put("why", item.why());
            }
            lines.add("    " + JSON.writeToString(fields));
        }
        return """
                {
                  "server": %s,
                  "version": %s,
                  "setup": %s,
                  "offers": %s,
                  "items": [
                %s
                  ]
                }
                """.formatted(
                        JSON.writeToString(server),
                        JSON.writeToString(version),
                        JSON.writeToString(setup),
                        JSON.writeToString(offers),
                        String.join(",\n", lines));
    }
}
