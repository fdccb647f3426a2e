package dev.narwhal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class DiskCallsTest {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    @Test
    void call_byManyWhileTheDiskHangs_leavesACarrierFree() throws Exception {
        int callers = PROCESSORS + 3;
        CountDownLatch calling = new CountDownLatch(callers);
        CountDownLatch disk = new CountDownLatch(1);
        AtomicInteger onCarriers = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.submit(() -> DiskCalls.call(() -> {
                    if (Thread.currentThread().isVirtual()) {
                        onCarriers.incrementAndGet();
                    }
                    calling.countDown();
                    return await(disk);
                }));
            }
            calling.await();
            disk.countDown();
        }
        assertThat(onCarriers).hasValueLessThan(PROCESSORS);
    }

    @Test
    void call_elsewhere_failsAsItWouldHere() throws Exception {
        CountDownLatch calling = new CountDownLatch(PROCESSORS);
        CountDownLatch disk = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < PROCESSORS; i++) {
                threads.submit(() -> DiskCalls.call(() -> {
                    calling.countDown();
                    return await(disk);
                }));
            }
            calling.await();
            Future<Boolean> failing = threads.submit(() -> DiskCalls.call(() -> {
                throw new IOException(Thread.currentThread().isVirtual() ? "here" : "elsewhere");
            }));
            assertThatThrownBy(failing::get)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessage("elsewhere");
            disk.countDown();
        }
    }

    @Test
    void call_elsewhere_noThreadCanBeHad_failsAsACallOfTheDisk() {
        Executor refusing = work -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        assertThatThrownBy(() -> DiskCalls.elsewhere(() -> true, refusing))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("native thread");
    }

    private static boolean await(CountDownLatch disk) throws IOException {
        try {
            disk.await();
            return true;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
