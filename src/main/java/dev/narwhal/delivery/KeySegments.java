package dev.narwhal.delivery;

import dev.narwhal.naming.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The names that a key is made of, each cleaned by {@link FileNames}; and the whole key, which is bounded as well. */
final class KeySegments {

    private static final int MAX_KEY_BYTES = 1024;

    /** A segment is not cut below this for the sake of the whole key. */
    private static final int SHORTEST_BYTES = 32;

    private KeySegments() {}

    /** For values that are one name: a separator in it is a character like any other that cannot stay. */
    static String withoutSeparators(String value) {
        return value.replace('/', '_');
    }

    /** The segments of a text with separators; those that are empty are dropped. */
    static List<String> clean(String text) {
        return clean(text, new BitSet());
    }

    /**
     * The same of a text that has client's metadata in it, which makes no hidden directory or file.
     *
     * @param ofMetadata the positions of these characters
     */
    static List<String> clean(String text, BitSet ofMetadata) {
        List<String> segments = new ArrayList<>();
        int start = 0;
        for (String raw : text.split("/")) {
            String name = FileNames.clean(raw);
            // The first dot of all is the one that the name begins with: before it is only what was left out.
            if (name.startsWith(".") && ofMetadata.get(start + raw.indexOf('.'))) {
                name = FileNames.clean("_" + name);
            }
            if (!name.isEmpty()) {
                segments.add(name);
            }
            start += raw.length() + 1;
        }
        return segments;
    }

    /** The whole key; too long a one loses from its longest segments, but never the id. */
    static String join(List<String> segments, String id) {
        List<String> parts = new ArrayList<>(segments.isEmpty() ? List.of(id) : segments);
        while (bytes(String.join("/", parts)) > MAX_KEY_BYTES) {
            String longest = parts.stream()
                    .filter(part -> !part.contains(id))
                    .max(Comparator.comparingInt(KeySegments::bytes))
                    .orElse("");
            int size = bytes(longest);
            if (size <= SHORTEST_BYTES) {
                return id + "/" + parts.getLast();
            }
            int over = bytes(String.join("/", parts)) - MAX_KEY_BYTES;
            parts.set(parts.indexOf(longest), FileNames.cut(longest, Math.max(SHORTEST_BYTES, size - over)));
        }
        return String.join("/", parts);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
