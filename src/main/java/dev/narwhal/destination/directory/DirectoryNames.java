package dev.narwhal.destination.directory;

import dev.narwhal.naming.FileNames;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Keys for file systems that do not support every name: on Windows, or on a server without a UTF-8 locale. */
final class DirectoryNames {

    private DirectoryNames() {}

    /**
     * A key to try after the file system has refused {@code key}: first without the characters that Windows refuses, then in
     * ASCII only. The same result each time; empty when no other key is left to try.
     */
    static Optional<String> instead(String key) {
        String forWindows = each(key, name -> notEmpty(FileNames.clean(name.replaceAll("[<>:\"|?*]", "_"))));
        if (!forWindows.equals(key)) {
            return Optional.of(forWindows);
        }
        String plain = each(key, name -> notEmpty(FileNames.clean(name.replaceAll("[^ -~]", "_"))));
        return plain.equals(key) ? Optional.empty() : Optional.of(plain);
    }

    private static String each(String key, UnaryOperator<String> change) {
        return Arrays.stream(key.split("/", -1)).map(change).collect(Collectors.joining("/"));
    }

    private static String notEmpty(String name) {
        return name.isEmpty() ? "_" : name;
    }
}
