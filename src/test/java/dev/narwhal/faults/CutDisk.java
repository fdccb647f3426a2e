package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.narwhal.faults.SimulatedDisk.Change;
import dev.narwhal.faults.SimulatedDisk.Node;
import dev.narwhal.faults.SimulatedDisk.What;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is on a disk after the power went at one moment: all that was synced, and of the rest what fate has let through. */
final class CutDisk {

    private static final String INODE = "inode";

    /** Decides what becomes of a change that was not durable yet. */
    @FunctionalInterface
    interface Fate {
        Outcome of(Change change);
    }

    /** What is left of one change. */
    sealed interface Outcome {
        record Kept() implements Outcome {}

        record Lost() implements Outcome {}

        /**
         * Of a write: some of its sectors of 512 bytes; the file has its new length all the same, with zeros where
         * nothing was. Other changes are kept.
         */
        record Torn(java.util.BitSet sectors) implements Outcome {}
    }

    static final Outcome KEPT = new Outcome.Kept();
    static final Outcome LOST = new Outcome.Lost();
    static final int SECTOR = 512;

    private record Done(What what, Outcome outcome) {}

    private final Node root;
    private final Map<Node, Map<String, Node>> entries = new HashMap<>();
    private final Map<Node, List<Done>> contents = new HashMap<>();

    /** @param position the number of events that happened before the power went */
    CutDisk(SimulatedDisk disk, int position, Fate fate) {
        this.root = disk.root();
        for (Change change : disk.changes()) {
            if (change.at >= position) {
                break;
            }
            Outcome outcome = change.isDurableAt(position) ? KEPT : fate.of(change);
            if (outcome != LOST) {
                apply(change, outcome);
            }
        }
    }

    private void apply(Change change, Outcome outcome) {
        switch (change.what) {
            case What.Write write ->
                contents.computeIfAbsent(change.node, key -> new ArrayList<>()).add(new Done(write, outcome));
            case What.Truncate cut ->
                contents.computeIfAbsent(change.node, key -> new ArrayList<>()).add(new Done(cut, outcome));
            case What.Add add -> entries(change.node).put(add.name(), add.child());
            case What.Remove remove -> entries(change.node).remove(remove.name());
            case What.Rename rename -> {
                entries(change.node).remove(rename.from());
                entries(change.node).put(rename.to(), rename.child());
            }
        }
    }

    private Map<String, Node> entries(Node directory) {
        return entries.computeIfAbsent(directory, key -> new HashMap<>(key.entriesBefore));
    }

    /** @param path relative to the root */
    Optional<Node> find(Path path) {
        Node at = root;
        for (Path name : path) {
            at = at.directory ? entries(at).get(name.toString()) : null;
            if (at == null) {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }

    /** The files in a directory by name; empty when there is no such directory. */
    Map<String, Node> list(Path path) {
        return find(path).map(this::entries).orElse(Map.of());
    }

    /** Makes {@code target}, which must not be there, what the root is on this disk. */
    void writeTo(Path target) throws IOException {
        write(root, target, new HashMap<>());
    }

    private void write(Node node, Path target, Map<Node, Path> written) throws IOException {
        if (node.directory) {
            Files.createDirectory(target);
            for (Map.Entry<String, Node> entry : entries(node).entrySet()) {
                write(entry.getValue(), target.resolve(entry.getKey()), written);
            }
            return;
        }
        @Nullable Path other = written.putIfAbsent(node, target);
        if (other != null) {
            Files.createLink(target, other);
        } else {
            writeFile(node, target);
        }
    }

    /** Makes one file; {@code target} must not be there. */
    void writeFile(Node node, Path target) throws IOException {
        if (node.before == null) {
            Files.createFile(target);
        } else {
            Files.copy(node.before, target);
        }
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
            for (Done done : contents.getOrDefault(node, List.of())) {
                switch (done.what()) {
                    case What.Write write -> write(file, write, done.outcome());
                    case What.Truncate cut -> resize(file, cut.size());
                    default -> throw new IllegalStateException("No content: " + done);
                }
            }
        }
        // So that the inode that the server remembers of a file is the file's on this disk, too.
        attributes(target).write(INODE, US_ASCII.encode(String.valueOf(node.inode)));
    }

    private static void write(FileChannel file, What.Write write, Outcome outcome) throws IOException {
        ByteBuffer data = write.data().duplicate();
        if (!(outcome instanceof Outcome.Torn torn)) {
            put(file, data, write.offset());
            return;
        }
        resize(file, Math.max(file.size(), write.offset() + data.remaining()));
        int length = data.remaining();
        for (int sector = torn.sectors().nextSetBit(0); sector >= 0 && sector * SECTOR < length; ) {
            int from = sector * SECTOR;
            put(file, data.slice(from, Math.min(SECTOR, length - from)), write.offset() + from);
            sector = torn.sectors().nextSetBit(sector + 1);
        }
    }

    private static void put(FileChannel file, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    private static void resize(FileChannel file, long size) throws IOException {
        if (size < file.size()) {
            file.truncate(size);
        } else if (size > file.size()) {
            put(file, ByteBuffer.allocate(1), size - 1);
        }
    }

    /** The inode that the server knows the file by. */
    static long inode(Path file) throws IOException {
        UserDefinedFileAttributeView attributes = attributes(file);
        if (!attributes.list().contains(INODE)) {
            return (long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        }
        ByteBuffer text = ByteBuffer.allocate(attributes.size(INODE));
        attributes.read(INODE, text);
        return Long.parseLong(US_ASCII.decode(text.flip()).toString());
    }

    private static UserDefinedFileAttributeView attributes(Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    }
}
