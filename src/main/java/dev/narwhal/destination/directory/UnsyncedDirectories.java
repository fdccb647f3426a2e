package dev.narwhal.destination.directory;

import dev.narwhal.disk.DurableDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The directories that one batch of deliveries has changed. Each is synced once. Not safe for several threads. */
final class UnsyncedDirectories {

    private final Set<Path> changed = new HashSet<>();
    private final Set<Path> created = new HashSet<>();
    private final Map<Path, IOException> failures = new HashMap<>();

    void add(Path directory) {
        changed.add(directory);
    }

    /** A directory of this batch that later batches will use, too. */
    void remember(Path directory) {
        created.add(directory);
    }

    /** True for a directory that {@link #remember} was called with. */
    boolean created(Path directory) {
        return created.contains(directory);
    }

    /**
     * Syncs all, the deepest first: an entry becomes durable only after what it leads to.
     *
     * @return the remembered directories; none when a sync has failed
     */
    Set<Path> sync() {
        List<Path> deepestFirst = new ArrayList<>(changed);
        deepestFirst.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        for (Path directory : deepestFirst) {
            try {
                DurableDirectories.sync(directory);
            } catch (IOException e) {
                failures.put(directory, e);
            }
        }
        return failures.isEmpty() ? created : Set.of();
    }

    /**
     * To be called after {@link #sync}.
     *
     * @throws IOException when the directory of {@code file}, or one above it, could not be synced
     */
    void requireDurable(Path file) throws IOException {
        if (failures.isEmpty()) {
            return;
        }
        for (Path at = file.getParent(); at != null; at = at.getParent()) {
            IOException failure = failures.get(at);
            if (failure != null) {
                throw failure;
            }
        }
    }
}
