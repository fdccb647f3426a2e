package dev.narwhal.destination.directory;

import dev.narwhal.naming.FileNames;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Keys for file systems that cannot have every name: those of Windows, or of a server without a locale of UTF-8. */
final class DirectoryNames {

    private DirectoryNames() {}

    /**
     * What may be tried instead of a key that the file system refuses: first without what Windows refuses, then without
     * anything but ASCII. The same each time; empty when there is nothing left to try.
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
