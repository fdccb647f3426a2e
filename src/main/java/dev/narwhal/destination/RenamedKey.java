package dev.narwhal.destination;

import java.nio.charset.StandardCharsets;

/** The key that an object gets when its own is taken. It has the upload's id before the file name's extension. */
public final class RenamedKey {

    private static final int MAX_SEGMENT_BYTES = 255;
    private static final int MAX_KEY_BYTES = 1024;

    private RenamedKey() {}

    /** The same result in each attempt. Returns {@code key} itself when its file name already contains the upload's id. */
    public static String of(String key, String uploadId) {
        int slash = key.lastIndexOf('/') + 1;
        String directory = key.substring(0, slash);
        String name = key.substring(slash);
        if (name.contains(uploadId)) {
            return key;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= 16 ? name.substring(dot) : "";
        String suffix = "-" + uploadId + extension;
        String stem = name.substring(0, name.length() - extension.length());
        int room = Math.min(MAX_SEGMENT_BYTES, MAX_KEY_BYTES - bytes(directory)) - bytes(suffix);
        return directory + cut(stem, room) + suffix;
    }

    private static String cut(String text, int maxBytes) {
        int end = text.length();
        while (end > 0 && bytes(text.substring(0, end)) > maxBytes) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
