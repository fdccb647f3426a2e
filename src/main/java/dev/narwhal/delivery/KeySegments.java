package dev.narwhal.delivery;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes names of whatever clients send: no {@code .} or {@code ..}, no control characters, no backslash, nothing empty or
 * too long; letters of all scripts are kept, in their composed form (NFC).
 */
final class KeySegments {

    private static final int MAX_SEGMENT_BYTES = 255;
    private static final int MAX_KEY_BYTES = 1024;

    /** A segment is not cut below this for the sake of the whole key. */
    private static final int SHORTEST_BYTES = 32;

    private static final int MAX_EXTENSION = 16;

    /** Names that a directory destination keeps for itself. */
    private static final String RESERVED_PREFIX = ".narwhal";

    private KeySegments() {}

    /** For values that are one name: a separator in it is a character like any other that cannot stay. */
    static String withoutSeparators(String value) {
        return value.replace('/', '_');
    }

    /** The segments of a text with separators; those that are empty are dropped. */
    static List<String> clean(String text) {
        List<String> segments = new ArrayList<>();
        for (String raw : text.split("/")) {
            String name = name(raw);
            if (!name.isEmpty()) {
                segments.add(cut(name, MAX_SEGMENT_BYTES));
            }
        }
        return segments;
    }

    private static String name(String raw) {
        return usable(Normalizer.normalize(withoutUnusable(raw), Normalizer.Form.NFC));
    }

    /** Of what is left of a name, too: a beginning may mean something that the whole did not. */
    private static String usable(String text) {
        String name = text.strip();
        if (name.equals(".") || name.equals("..")) {
            return "_".repeat(name.length());
        }
        return name.startsWith(RESERVED_PREFIX) ? "_" + name : name;
    }

    private static String withoutUnusable(String raw) {
        StringBuilder clean = new StringBuilder(raw.length());
        raw.codePoints().map(c -> isUnusable(c) ? '_' : c).forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isUnusable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> c == '\\' || isBidirectionalControl(c);
        };
    }

    /** Characters that show a name in another order than it has: {@code gpj.exe} as {@code exe.jpg}. */
    private static boolean isBidirectionalControl(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
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
            parts.set(parts.indexOf(longest), cut(longest, Math.max(SHORTEST_BYTES, size - over)));
        }
        return String.join("/", parts);
    }

    /** At most {@code maxBytes} of UTF-8, cut between characters; the extension stays. */
    private static String cut(String name, int maxBytes) {
        return bytes(name) <= maxBytes ? name : usable(beginning(name, maxBytes));
    }

    private static String beginning(String name, int maxBytes) {
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= MAX_EXTENSION ? name.substring(dot) : "";
        int room = maxBytes - bytes(extension);
        if (room < 1) {
            return cut(name.substring(0, dot), maxBytes);
        }
        String stem = name.substring(0, name.length() - extension.length());
        StringBuilder kept = new StringBuilder();
        for (int c : stem.codePoints().toArray()) {
            room -= bytes(Character.toString(c));
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept.toString().strip() + extension;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
