package dev.narwhal.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A disk that knows of each change when it was made and since when it is durable. It is strict, as POSIX is: a file's sync
 * covers what was written to it and its length, but not its name; a name is durable when its directory has been synced.
 */
final class SimulatedDisk {

    private static final int NEVER = Integer.MAX_VALUE;

    /** A file or a directory, whatever names it has. */
    static final class Node {
        final boolean directory;
        final long inode;
        /** What it held at the beginning, durably; null for nothing. */
        final @Nullable Path before;

        final Map<String, Node> entriesBefore = new HashMap<>();
        private final Map<String, Node> entries = new HashMap<>();
        private final List<Change> unsynced = new ArrayList<>();

        private Node(boolean directory, long inode, @Nullable Path before) {
            this.directory = directory;
            this.inode = inode;
            this.before = before;
        }
    }

    /** One change of one node: what it is, when it happened, and from when on no power cut undoes it. */
    static final class Change {
        final int at;
        final Node node;
        final What what;
        private int durableFrom = NEVER;

        private Change(int at, Node node, What what) {
            this.at = at;
            this.node = node;
            this.what = what;
        }

        boolean isDurableAt(int position) {
            return durableFrom < position;
        }

        /** The event with which it became durable; beyond all events when it never did. */
        int durableFrom() {
            return durableFrom;
        }
    }

    sealed interface What {
        record Write(long offset, ByteBuffer data) implements What {}

        record Truncate(long size) implements What {}

        record Add(String name, Node child) implements What {}

        record Remove(String name) implements What {}

        record Rename(String from, String to, Node child) implements What {}
    }

    private final Path root;
    private final Node rootNode;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Long, Node> handles = new HashMap<>();
    private final Map<Long, List<Change>> syncs = new HashMap<>();
    private final List<DiskEvent> events;

    /**
     * @param root where the events happened
     * @param before a copy of the root as it was before the first event
     */
    SimulatedDisk(Path root, Path before, List<DiskEvent> events) throws IOException {
        this.root = root;
        this.events = events;
        this.rootNode = seed(before, new HashMap<>());
        for (int at = 0; at < events.size(); at++) {
            apply(at, events.get(at));
        }
    }

    List<DiskEvent> events() {
        return events;
    }

    List<Change> changes() {
        return changes;
    }

    Node root() {
        return rootNode;
    }

    private static Node seed(Path path, Map<Object, Node> files) throws IOException {
        if (!Files.isDirectory(path)) {
            Object key = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            Node known = files.get(key);
            Node node = known != null ? known : new Node(false, CutDisk.inode(path), path);
            files.put(key, node);
            return node;
        }
        Node directory = new Node(true, 0, path);
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
            for (Path child : children) {
                directory.entriesBefore.put(name(child), seed(child, files));
            }
        }
        directory.entries.putAll(directory.entriesBefore);
        return directory;
    }

    private void apply(int at, DiskEvent event) {
        switch (event) {
            case DiskEvent.Opened opened -> open(at, opened);
            case DiskEvent.Written written ->
                change(at, node(written.handle()), new What.Write(written.offset(), written.data()));
            case DiskEvent.Truncated cut -> change(at, node(cut.handle()), new What.Truncate(cut.size()));
            case DiskEvent.SyncBegun begun -> syncs.put(begun.number(), List.copyOf(node(begun.handle()).unsynced));
            case DiskEvent.SyncEnded ended -> makeDurable(at, ended);
            case DiskEvent.MadeDirectory made -> add(at, made.path(), new Node(true, 0, null));
            case DiskEvent.Linked linked -> add(at, linked.to(), existing(linked.from()));
            case DiskEvent.Renamed renamed -> rename(at, renamed);
            case DiskEvent.Removed removed -> {
                parent(removed.path()).entries.remove(name(removed.path()));
                change(at, parent(removed.path()), new What.Remove(name(removed.path())));
            }
            case DiskEvent.Answered ignored -> {}
        }
    }

    private void open(int at, DiskEvent.Opened opened) {
        if (opened.created()) {
            add(at, opened.path(), new Node(false, opened.inode(), null));
        }
        handles.put(opened.handle(), existing(opened.path()));
    }

    private void makeDurable(int at, DiskEvent.SyncEnded ended) {
        List<Change> covered = syncs.getOrDefault(ended.number(), List.of());
        covered.stream().filter(change -> change.durableFrom == NEVER).forEach(change -> change.durableFrom = at);
        node(ended.handle()).unsynced.removeAll(covered);
    }

    private void add(int at, Path path, Node child) {
        parent(path).entries.put(name(path), child);
        change(at, parent(path), new What.Add(name(path), child));
    }

    private void rename(int at, DiskEvent.Renamed renamed) {
        Node directory = parent(renamed.from());
        if (directory != parent(renamed.to())) {
            throw new IllegalStateException("Renamed into another directory: " + renamed);
        }
        Node child = existing(renamed.from());
        directory.entries.remove(name(renamed.from()));
        directory.entries.put(name(renamed.to()), child);
        change(at, directory, new What.Rename(name(renamed.from()), name(renamed.to()), child));
    }

    private void change(int at, Node node, What what) {
        Change change = new Change(at, node, what);
        node.unsynced.add(change);
        changes.add(change);
    }

    private Node node(long handle) {
        return Objects.requireNonNull(handles.get(handle), "A handle that was never opened");
    }

    private Node parent(Path path) {
        return existing(Objects.requireNonNull(path.getParent()));
    }

    private Node existing(Path path) {
        return find(path).orElseThrow(() -> new IllegalStateException("The journal does not know " + path));
    }

    private Optional<Node> find(Path path) {
        Node at = rootNode;
        if (!path.equals(root)) {
            for (Path name : root.relativize(path)) {
                at = at.entries.get(name.toString());
                if (at == null) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(at);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
