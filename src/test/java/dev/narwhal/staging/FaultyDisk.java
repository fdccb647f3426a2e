package dev.narwhal.staging;

import com.sun.nio.file.ExtendedOpenOption;
import dev.narwhal.testkit.ForwardingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The real disk, except for what a test wants to go wrong; and what was done to it, in order. A sync that fails loses what was
 * written through the cache since the one before.
 */
final class FaultyDisk implements ChannelOpener {

    /** What a test may do before an operation: throw, or wait. */
    @FunctionalInterface
    interface Fault {

        void before(Operation operation) throws IOException;
    }

    enum Kind {
        OPEN_DIRECT,
        OPEN_NEW,
        WRITE,
        WRITE_DIRECT,
        SYNC,
        READ,
        READ_DIRECT,
        /** The question whether the file system lives. */
        JOURNAL
    }

    /**
     * One operation on a staged file.
     *
     * @param position in the file, 0 for a sync
     * @param bytes how many, 0 for a sync
     */
    record Operation(Kind kind, long position, int bytes) {}

    static final Fault NONE = operation -> {};

    private final List<Operation> operations = new CopyOnWriteArrayList<>();
    private volatile Fault fault = NONE;

    /** From now on. */
    void breakWith(Fault fault) {
        this.fault = fault;
    }

    static Fault failing(Kind kind, String message) {
        return operation -> {
            if (operation.kind() == kind) {
                throw new IOException(message);
            }
        };
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    long count(Kind kind) {
        return operations.stream().filter(operation -> operation.kind() == kind).count();
    }

    void forget() {
        operations.clear();
    }

    @Override
    public FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
        boolean direct = options.contains(ExtendedOpenOption.DIRECT);
        if (direct) {
            perform(new Operation(Kind.OPEN_DIRECT, 0, 0));
        }
        if (options.contains(StandardOpenOption.CREATE_NEW)) {
            fault.before(new Operation(Kind.OPEN_NEW, 0, 0));
        }
        return new Channel(FileChannel.open(file, options), direct);
    }

    void requireAlive() throws IOException {
        fault.before(new Operation(Kind.JOURNAL, 0, 0));
    }

    private void perform(Operation operation) throws IOException {
        fault.before(operation);
        operations.add(operation);
    }

    private final class Channel extends ForwardingFile {

        private final boolean direct;
        private final Map<Long, Integer> unsynced = new ConcurrentHashMap<>();

        Channel(FileChannel real, boolean direct) {
            super(real);
            this.direct = direct;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            perform(new Operation(direct ? Kind.WRITE_DIRECT : Kind.WRITE, position, source.remaining()));
            if (!direct) {
                unsynced.merge(position, source.remaining(), Math::max);
            }
            return real.write(source, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            Map<Long, Integer> written = Map.copyOf(unsynced);
            unsynced.keySet().removeAll(written.keySet());
            try {
                perform(new Operation(Kind.SYNC, 0, 0));
            } catch (IOException e) {
                lose(written);
                throw e;
            }
            real.force(metaData);
        }

        /** As the kernel does it: the next sync finds nothing to write, and succeeds. */
        private void lose(Map<Long, Integer> written) throws IOException {
            for (Map.Entry<Long, Integer> stretch : written.entrySet()) {
                int unused = real.write(ByteBuffer.allocate(stretch.getValue()), stretch.getKey());
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            perform(new Operation(direct ? Kind.READ_DIRECT : Kind.READ, position, target.remaining()));
            return real.read(target, position);
        }
    }
}
