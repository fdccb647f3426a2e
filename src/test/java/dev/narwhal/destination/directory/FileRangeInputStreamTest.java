package dev.narwhal.destination.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.ForwardingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FileRangeInputStreamTest {

    @TempDir
    private Path directory;

    /** Downloads from a disk that hangs must not keep the threads on which everything else is answered. */
    @Test
    void read_byManyWhileTheDiskHangs_leavesACarrierFree() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        int readers = processors + 3;
        CountDownLatch reading = new CountDownLatch(readers);
        CountDownLatch disk = new CountDownLatch(1);
        AtomicInteger onCarriers = new AtomicInteger();
        Path file = Files.writeString(directory.resolve("file"), "content");
        List<Future<byte[]>> read = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < readers; i++) {
                read.add(threads.submit(() -> {
                    FileChannel hanging = new HangingFile(FileChannel.open(file), () -> {
                        onCarriers.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
                        reading.countDown();
                        await(disk);
                    });
                    try (FileRangeInputStream range = new FileRangeInputStream(hanging, 1, 3)) {
                        return range.readNBytes(3);
                    }
                }));
            }
            reading.await();
            assertThat(onCarriers).hasValueLessThan(processors);
            disk.countDown();
            for (Future<byte[]> each : read) {
                assertThat(each.get()).asString().isEqualTo("ont");
            }
        }
    }

    private static void await(CountDownLatch disk) {
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class HangingFile extends ForwardingFile {

        private final Runnable before;

        HangingFile(FileChannel real, Runnable before) {
            super(real);
            this.before = before;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            before.run();
            return real.read(target, position);
        }
    }
}
