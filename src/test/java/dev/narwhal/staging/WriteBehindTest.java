package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.disk.IoWork;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriteBehindTest {

    private final WriterThreads threads = new WriterThreads();
    private final WriteBehind behind = new WriteBehind(threads);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch disk = new CountDownLatch(1);

    @AfterEach
    void close() {
        disk.countDown();
        threads.close();
    }

    @Test
    void start_several_runsThemInTheirOrder() throws IOException {
        behind.start(waiting("first"), 9);
        for (int i = 0; i < 5; i++) {
            behind.start(work("w" + i), 9);
        }
        assertThat(done).isEmpty();
        assertThat(behind.isIdle()).isFalse();
        disk.countDown();
        behind.await();
        assertThat(done).containsExactly("first", "w0", "w1", "w2", "w3", "w4");
        assertThat(behind.isIdle()).isTrue();
    }

    @Test
    void start_asManyAsMayWait_waitsForOne() throws Exception {
        behind.start(waiting("first"), 2);
        behind.start(work("second"), 2);
        Thread third = Thread.ofPlatform().daemon().start(() -> {
            try {
                behind.start(work("third"), 2);
            } catch (IOException e) {
                done.add(e.toString());
            }
        });
        Awaitility.await().until(() -> third.getState() == Thread.State.WAITING);
        disk.countDown();
        third.join();
        behind.await();
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void start_afterAFailure_skipsWhatWaitsAndWhatComes() throws IOException {
        behind.start(failing(), 9);
        behind.start(work("behind the hole"), 9);
        behind.startBeside(() -> done.add("synced"));
        disk.countDown();
        assertThatThrownBy(behind::await).hasStackTraceContaining("broken");
        assertThatThrownBy(behind::check).hasStackTraceContaining("broken");
        assertThatThrownBy(() -> behind.start(work("later"), 9)).hasStackTraceContaining("broken");
        assertThatThrownBy(() -> behind.startBeside(() -> done.add("later"))).hasStackTraceContaining("broken");
        assertThat(done).containsExactly("skipped behind the hole", "skipped later");
        assertThat(behind.isIdle()).isTrue();
    }

    @Test
    void startBeside_waitsForEarlierWork_andHoldsUpNoLaterWork() throws IOException {
        CountDownLatch syncing = new CountDownLatch(1);
        behind.start(waiting("before"), 9);
        behind.startBeside(() -> {
            await(syncing);
            done.add("synced");
        });
        behind.start(work("after"), 9);
        assertThat(done).isEmpty();
        disk.countDown();
        Awaitility.await().until(() -> done.contains("after"));
        assertThat(behind.isIdle()).as("a sync is work in progress").isFalse();
        syncing.countDown();
        behind.await();
        assertThat(done).containsExactly("before", "after", "synced");
    }

    @Test
    void startBeside_fails_endsTheWork() throws IOException {
        behind.startBeside(() -> {
            throw new IOException("broken");
        });
        assertThatThrownBy(behind::await).hasStackTraceContaining("broken");
        assertThatThrownBy(() -> behind.start(work("later"), 1)).hasStackTraceContaining("broken");
        assertThat(done).containsExactly("skipped later");
    }

    @Test
    void startBeside_whileOneRuns_isRefused() throws IOException {
        assertThat(behind.startBeside(() -> await(disk))).isTrue();
        assertThat(behind.startBeside(() -> done.add("second"))).isFalse();
        disk.countDown();
        behind.await();
        assertThat(behind.startBeside(() -> done.add("third"))).isTrue();
        behind.await();
        assertThat(done).containsExactly("third");
    }

    @Test
    void start_noThreadCanBeHad_skipsTheWork() {
        ThreadsByHand none = new ThreadsByHand();
        WriteBehind refused = new WriteBehind(none);
        none.refuse();
        assertThatThrownBy(() -> refused.start(work("first"), 9))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("native thread");
        assertThatThrownBy(() -> refused.start(work("second"), 1)).hasStackTraceContaining("native thread");
        assertThatThrownBy(refused::await).hasStackTraceContaining("native thread");
        assertThat(done).containsExactly("skipped first", "skipped second");
        assertThat(refused.isIdle()).isTrue();
    }

    @Test
    void startBeside_noThreadCanBeHad_skipsWhatWaitsBehind() throws IOException {
        ThreadsByHand none = new ThreadsByHand();
        WriteBehind refused = new WriteBehind(none);
        refused.start(work("before"), 9);
        refused.startBeside(() -> done.add("synced"));
        refused.start(work("after"), 9);
        none.refuse();
        none.work();
        assertThatThrownBy(refused::await).hasStackTraceContaining("native thread");
        assertThat(done).containsExactly("before", "skipped after");
        assertThat(refused.isIdle()).isTrue();
    }

    private WriteBehind.Work waiting(String name) {
        return new Named(name, () -> await(disk));
    }

    private WriteBehind.Work failing() {
        return new Named("failing", () -> {
            await(disk);
            throw new IOException("broken");
        });
    }

    private WriteBehind.Work work(String name) {
        return new Named(name, () -> {});
    }

    private final class Named implements WriteBehind.Work {

        private final String name;
        private final IoWork before;

        Named(String name, IoWork before) {
            this.name = name;
            this.before = before;
        }

        @Override
        public void run() throws IOException {
            before.run();
            done.add(name);
        }

        @Override
        public void skip() {
            done.add("skipped " + name);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
