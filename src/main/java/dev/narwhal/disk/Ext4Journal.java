package dev.narwhal.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the journal by setting a directory's attribute to its present value. For that ext4 begins a transaction. It
 * refuses transactions as soon as it has abandoned the journal, even before it turns read-only. With a live journal it
 * finds that the value does not change, and writes nothing. A second sync would not reveal an abandoned journal,
 * because it finds nothing left to write.
 */
final class Ext4Journal implements Journal {

    private static final Logger log = LoggerFactory.getLogger(Ext4Journal.class);

    private static final Set<String> TYPES = Set.of("ext4", "ext3");
    private static final String ATTRIBUTE = "narwhal.journal";
    private static final ByteBuffer VALUE =
            ByteBuffer.wrap("alive".getBytes(US_ASCII)).asReadOnlyBuffer();

    private final UserDefinedFileAttributeView attributes;

    private Ext4Journal(UserDefinedFileAttributeView attributes) {
        this.attributes = attributes;
    }

    static boolean isAt(Path directory) {
        try {
            return TYPES.contains(Files.getFileStore(directory).type());
        } catch (IOException e) {
            log.debug("disk.type-unknown directory={} {}", directory, e.toString());
            return false;
        }
    }

    static Journal marking(Path directory) {
        Journal journal = new Ext4Journal(Files.getFileAttributeView(directory, UserDefinedFileAttributeView.class));
        try {
            journal.requireAlive();
            return journal;
        } catch (IOException e) {
            log.info("disk.journal-not-asked directory={} its word is taken: {}", directory, e.toString());
            return NONE;
        }
    }

    @Override
    public void requireAlive() throws IOException {
        int unused = attributes.write(ATTRIBUTE, VALUE.duplicate());
    }
}
