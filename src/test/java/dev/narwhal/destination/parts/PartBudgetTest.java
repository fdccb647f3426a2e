package dev.narwhal.destination.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PartBudgetTest {

    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Future<?>> started = new ArrayList<>();
    private PartBudget budget = new PartBudget(8);

    @AfterEach
    void finish() throws Exception {
        end.countDown();
        for (Future<?> future : started) {
            future.get();
        }
        budget.close();
    }

    private boolean transfer() throws InterruptedException {
        end.await();
        return true;
    }

    private CompletableFuture<Void> inBackground(long bytes) {
        return CompletableFuture.runAsync(() -> {
            try {
                Future<Boolean> part = budget.startPart(bytes, this::transfer);
                synchronized (started) {
                    started.add(part);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void startPart_leavesRoomForSmallFiles() throws Exception {
        for (int i = 0; i < 6; i++) {
            started.add(budget.startPart(PartBudget.PERMIT_BYTES, this::transfer));
        }
        CompletableFuture<Void> seventh = inBackground(PartBudget.PERMIT_BYTES);

        started.add(budget.startWhole(this::transfer));
        started.add(budget.startWhole(this::transfer));

        assertThat(seventh).isNotDone();
        end.countDown();
        seventh.get();
    }

    @Test
    void startPart_large_countsAsSeveral() throws Exception {
        started.add(budget.startPart(5 * PartBudget.PERMIT_BYTES, this::transfer));
        CompletableFuture<Void> second = inBackground(2 * PartBudget.PERMIT_BYTES);
        end.countDown();
        second.get();
    }

    @Test
    void startPart_largerThanAll_goesAlone() throws Exception {
        started.add(budget.startPart(1000 * PartBudget.PERMIT_BYTES, this::transfer));
        started.add(budget.startWhole(this::transfer));
        CompletableFuture<Void> second = inBackground(1);

        assertThat(second).isNotDone();
        end.countDown();
        second.get();
    }

    @Test
    void startPart_oneOnly_isForEverybody() throws Exception {
        budget.close();
        budget = new PartBudget(1);
        started.add(budget.startPart(1000 * PartBudget.PERMIT_BYTES, () -> true));
        started.add(budget.startWhole(() -> true));
        started.add(budget.startPart(1, () -> true));
    }

    @Test
    void transfer_thatFails_releasesItsPermits() throws Exception {
        for (int i = 0; i < 100; i++) {
            Future<Boolean> failing = budget.startPart(3 * PartBudget.PERMIT_BYTES, () -> {
                throw new IllegalStateException("as the test wants");
            });
            assertThat(failing).failsWithin(java.time.Duration.ofSeconds(10));
        }
    }
}
