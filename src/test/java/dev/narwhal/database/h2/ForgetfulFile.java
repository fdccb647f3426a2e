package dev.narwhal.database.h2;

import dev.narwhal.testkit.ForwardingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/** A small file on a disk whose power can go: what was not synced is lost then, and is read all the same until then. */
final class ForgetfulFile extends ForwardingFile {

    private final Path path;
    private final BitSet unsynced = new BitSet();
    private byte[] synced;
    private boolean fails;
    private boolean forgets;

    ForgetfulFile(Path path, FileChannel real) throws IOException {
        super(real);
        this.path = path;
        this.synced = Files.readAllBytes(path);
    }

    /**
     * In the place of the next sync.
     *
     * @param forgetting as Linux does: no later sync writes what this one was to write. Without it, as if there were none
     */
    void failSync(boolean forgetting) {
        fails = true;
        forgets = forgetting;
    }

    /** A process has ended, and another opens the file; the disk is the same. */
    ForgetfulFile reopened(FileChannel again) throws IOException {
        ForgetfulFile file = new ForgetfulFile(path, again);
        file.synced = synced;
        file.unsynced.or(unsynced);
        return file;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int written = super.write(source, position);
        unsynced.set((int) position, (int) position + written);
        return written;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        if (fails) {
            fails = false;
            if (forgets) {
                unsynced.clear();
            }
            throw new IOException("Input/output error");
        }
        byte[] read = Files.readAllBytes(path);
        synced = Arrays.copyOf(synced, read.length);
        unsynced.stream().filter(at -> at < read.length).forEach(at -> synced[at] = read[at]);
        unsynced.clear();
    }

    void cutPower() throws IOException {
        Files.write(path, synced);
    }
}
