package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class DirectIoTest {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    @TempDir
    private Path root;

    private final CountDownLatch disk = new CountDownLatch(1);

    /** Some file systems hang in every call, also in the one that opens a file. */
    @Test
    void open_byManyWhileTheDiskHangs_leavesACarrierFree() throws Exception {
        int callers = PROCESSORS + 3;
        CountDownLatch opening = new CountDownLatch(callers);
        AtomicInteger onCarriers = new AtomicInteger();
        Path file = Files.createFile(root.resolve("staged"));
        DirectIo directIo = DirectIo.probe(
                root,
                (path, options) -> {
                    if (path.equals(file)) {
                        onCarriers.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
                        opening.countDown();
                        await(disk);
                    }
                    return FileChannel.open(path, options);
                },
                System::nanoTime);
        assumeTrue(directIo.isEnabled(), "no direct I/O here");

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.submit(() -> {
                    try (var unused = directIo.open(file)) {
                        return true;
                    }
                });
            }
            opening.await();
            disk.countDown();
        }
        assertThat(onCarriers).hasValueLessThan(PROCESSORS);
    }

    private static void await(CountDownLatch disk) throws IOException {
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
