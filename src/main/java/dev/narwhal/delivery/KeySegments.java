package dev.narwhal.delivery;

import dev.narwhal.naming.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The segments of an object's key, each cleaned by {@link FileNames}, and the key as a whole, whose length is bounded, too. */
final class KeySegments {

    private static final int MAX_KEY_BYTES = 1024;

    /** A segment is never cut below this to shorten the key. */
    private static final int SHORTEST_BYTES = 32;

    private KeySegments() {}

    /** For a value that must be one name: replaces each separator. */
    static String withoutSeparators(String value) {
        return value.replace('/', '_');
    }

    /** The cleaned segments of a text with separators; empty segments are dropped. */
    static List<String> clean(String text) {
        return clean(text, new BitSet());
    }

    /**
     * As {@link #clean(String)}, for a text with values of the client's metadata, which must not create a hidden directory or
     * file.
     *
     * @param ofMetadata the positions of the metadata's characters
     */
    static List<String> clean(String text, BitSet ofMetadata) {
        List<String> segments = new ArrayList<>();
        int start = 0;
        for (String raw : text.split("/")) {
            String name = FileNames.clean(raw);
            // A cleaned name that begins with a dot begins with the raw name's first dot: cleaning has removed every
            // character before it.
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

    /** The whole key. A key that is too long loses bytes from its longest segments, but never the id. */
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
