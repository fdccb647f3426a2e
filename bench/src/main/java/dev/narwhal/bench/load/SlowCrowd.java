package dev.narwhal.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many uploads that each bring 1 KiB a second, in one PATCH each; all sent by one thread. */
public final class SlowCrowd implements AutoCloseable {

    private static final int STEP = 1024;
    private static final int OPENERS = 16;
    private static final long ANSWER_LIMIT = TimeUnit.SECONDS.toNanos(60);

    private final List<Slow> uploads = new ArrayList<>();
    private final ByteBuffer step = Loads.block();
    private int failed;

    private static final class Slow {
        private final TusConnection tus;
        private int behind;
        private boolean lost;

        private Slow(TusConnection tus) {
            this.tus = tus;
        }
    }

    /** Creates them all, some at a time, and begins their bodies. */
    public SlowCrowd(Target target, int count, int seconds) throws Exception {
        long length = (long) seconds * STEP;
        try (ExecutorService threads = Executors.newFixedThreadPool(OPENERS)) {
            List<Future<Slow>> opened = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                opened.add(threads.submit(() -> open(target, length)));
            }
            for (Future<Slow> each : opened) {
                uploads.add(each.get());
            }
        }
    }

    private static Slow open(Target target, long length) throws IOException {
        TusConnection tus = new TusConnection(target);
        String path = tus.create(length);
        tus.send(tus.patch(path, 0, TusConnection.contentLength(length)));
        tus.channel().configureBlocking(false);
        return new Slow(tus);
    }

    /** The next KiB of each, spread over most of a second; returns when the second is over. */
    public void second() throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < uploads.size(); i++) {
            Slow slow = uploads.get(i);
            slow.behind += STEP;
            push(slow);
            if (i % 500 == 0) {
                sleepUntil(begin + TimeUnit.MILLISECONDS.toNanos(900L * i / uploads.size()));
            }
        }
        sleepUntil(begin + TimeUnit.SECONDS.toNanos(1));
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private void push(Slow slow) {
        try {
            if (!slow.lost && slow.behind > 0) {
                slow.behind -= slow.tus.channel().write(step.clear().limit(slow.behind));
            }
        } catch (IOException e) {
            lose(slow);
        }
    }

    private void lose(Slow slow) {
        slow.lost = true;
        failed++;
    }

    /**
     * Reads all answers.
     *
     * @return how many uploads did not arrive whole
     */
    public int finish() throws IOException {
        long limit = System.nanoTime() + ANSWER_LIMIT;
        for (Slow slow : uploads) {
            while (slow.behind > 0 && !slow.lost && System.nanoTime() < limit) {
                push(slow);
            }
            if (!slow.lost) {
                slow.tus.channel().configureBlocking(true);
                answer(slow);
            }
        }
        return failed;
    }

    private void answer(Slow slow) {
        try {
            slow.tus.expect(204, true);
        } catch (IOException e) {
            lose(slow);
        }
    }

    @Override
    public void close() throws IOException {
        for (Slow slow : uploads) {
            slow.tus.close();
        }
    }
}
