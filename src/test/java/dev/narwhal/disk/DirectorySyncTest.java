package dev.narwhal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DirectorySyncTest {

    private final AtomicInteger syncs = new AtomicInteger();
    private final CountDownLatch disk = new CountDownLatch(1);
    private volatile boolean broken;

    private final DirectorySync directory = new DirectorySync(() -> {
        boolean fails = broken;
        if (syncs.incrementAndGet() == 1) {
            awaitDisk();
        }
        if (fails) {
            throw new IOException("broken");
        }
    });

    @Test
    void sync_byManyDuringAnother_shareTheNextOne() throws Exception {
        FutureTask<Boolean> first = start(directory.mark());
        List<FutureTask<Boolean>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(start(directory.mark()));
        }
        assertThat(syncs).as("an entry made during a sync needs a later one").hasValue(1);
        disk.countDown();
        assertThat(first.get()).isTrue();
        for (FutureTask<Boolean> other : others) {
            assertThat(other.get()).isTrue();
        }
        assertThat(syncs).hasValue(2);
    }

    @Test
    void sync_fails_failsEachOlderEntryAndNoLaterOne() throws Exception {
        long asksLater = directory.mark();
        broken = true;
        FutureTask<Boolean> failing = start(directory.mark());
        FutureTask<Boolean> waiting = start(directory.mark());
        broken = false;
        disk.countDown();
        assertThatThrownBy(failing::get).hasStackTraceContaining("broken");
        assertThatThrownBy(waiting::get).hasStackTraceContaining("may be lost");
        assertThatThrownBy(() -> directory.sync(asksLater)).isInstanceOf(IOException.class);
        assertThat(syncs).as("a failed sync is not repeated").hasValue(1);
        assertThatCode(() -> directory.sync(directory.mark())).doesNotThrowAnyException();
        assertThat(syncs).hasValue(2);
    }

    private void awaitDisk() throws IOException {
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Returns when the thread waits, for the disk or for another's sync. */
    private FutureTask<Boolean> start(long mark) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            directory.sync(mark);
            return true;
        });
        Thread thread = Thread.ofPlatform().daemon().start(task);
        Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
        return task;
    }
}
