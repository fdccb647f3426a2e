package dev.narwhal.naming;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Converts names from clients to safe file names, for keys and for downloads alike. A safe name has no separator, no control
 * character, no invisible character, and no dot or blank at the end. It is neither {@code .} nor {@code ..} nor a device name
 * of Windows. Letters of all scripts stay, in their composed form (NFC). Forbidden characters become {@code _}. Invisible
 * characters are removed.
 */
public final class FileNames {

    /** UTF-8 bytes. Most file systems limit a name to this length. */
    public static final int MAX_BYTES = 255;

    private static final int MAX_EXTENSION = 16;

    /** A directory destination uses names with this prefix for its own files. */
    private static final String RESERVED_PREFIX = ".narwhal";

    /** Device names of Windows, with any extension. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\\$|conout\\$) *(\\..*)?");

    private static final Pattern END = Pattern.compile("[. ]+$");

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private FileNames() {}

    /** A safe name of at most {@link #MAX_BYTES} bytes of UTF-8; empty when no character is left. */
    public static String clean(String raw) {
        // Composes twice. Before the removal, because composition changes some characters. After it, because a removed
        // character may have separated two characters that compose.
        return cut(usable(composed(withoutUnusable(composed(raw)))), MAX_BYTES);
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** Applies the rules for the ends of a name and for reserved names. Needed again after each cut. */
    private static String usable(String text) {
        String name = withoutBlankEnds(text);
        name = END.matcher(name).replaceFirst(end -> "_".repeat(end.group().length()));
        boolean reserved = name.regionMatches(true, 0, RESERVED_PREFIX, 0, RESERVED_PREFIX.length())
                || DEVICE.matcher(name.toLowerCase(Locale.ROOT)).matches();
        return reserved ? "_" + name : name;
    }

    /** Removes blanks of all widths (also no-break spaces) and joiners from both ends. A joiner at an end joins nothing. */
    private static String withoutBlankEnds(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || isJoiner(c);
    }

    private static String withoutUnusable(String raw) {
        int[] all = raw.codePoints().filter(c -> !isInvisible(c)).toArray();
        StringBuilder clean = new StringBuilder(raw.length());
        for (int i = 0; i < all.length; i++) {
            if (!isJoiner(all[i])) {
                clean.appendCodePoint(isUnusable(all[i]) ? '_' : all[i]);
            } else if (i > 0 && i + 1 < all.length && isJoined(all[i - 1]) && isJoined(all[i + 1])) {
                clean.appendCodePoint(all[i]);
            }
        }
        return clean.toString();
    }

    private static boolean isUnusable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> c == '/' || c == '\\' || isBidirectionalControl(c);
        };
    }

    /** Characters that change the order in which a name is displayed: they show {@code gpj.exe} as {@code exe.jpg}. */
    private static boolean isBidirectionalControl(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    /** Two names look the same if they differ only in such a character. */
    private static boolean isInvisible(int c) {
        boolean format = Character.getType(c) == Character.FORMAT && !isBidirectionalControl(c) && !isJoiner(c);
        boolean filler =
                c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x3164 || c == 0xFFA0;
        return format || filler;
    }

    private static boolean isJoiner(int c) {
        return c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
    }

    /** True for a character beside which a joiner is visible: within words of some scripts, and within emoji. */
    private static boolean isJoined(int c) {
        return c >= 0x80 && (Character.isLetter(c) || isMarkOrSymbol(c));
    }

    private static boolean isMarkOrSymbol(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.OTHER_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.MATH_SYMBOL -> true;
            default -> false;
        };
    }

    /**
     * Cuts a cleaned name to at most {@code maxBytes} bytes of UTF-8. Cuts between characters. Keeps a short extension if at
     * least one character of the name before it fits, too.
     *
     * @param maxBytes at least 8
     */
    public static String cut(String name, int maxBytes) {
        if (bytes(name) <= maxBytes) {
            return name;
        }
        String cut = usable(beginning(name, maxBytes));
        // usable() may have made the name one byte too long.
        return bytes(cut) <= maxBytes ? cut : usable(beginning(name, maxBytes - 1));
    }

    private static String beginning(String name, int maxBytes) {
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= MAX_EXTENSION ? name.substring(dot) : "";
        String stem = first(name.substring(0, name.length() - extension.length()), maxBytes - bytes(extension));
        return stem.isEmpty() ? first(name, maxBytes) : stem + extension;
    }

    private static String first(String text, int maxBytes) {
        int room = maxBytes;
        StringBuilder kept = new StringBuilder();
        for (int c : text.codePoints().toArray()) {
            room -= bytes(Character.toString(c));
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return withoutBlankEnds(kept.toString());
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
