package dev.narwhal.delivery;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The taken deliveries to one destination, and the workers that run them. A worker takes the next batch as long as there is one.
 * A delivery that comes while a worker is busy wakes no other, and is part of the next batch; only when a whole batch waits,
 * another worker begins.
 */
final class DeliveryLane {

    private final int batch;
    private final int workers;
    private final Executor executor;
    private final Consumer<List<TakenDelivery>> work;
    private final ReentrantLock lock = new ReentrantLock();
    private final TurnQueue<TakenDelivery> waiting = new TurnQueue<>();
    private int busy;

    /**
     * @param batch deliveries that a worker takes at a time
     * @param workers at a time, at most
     * @param work called with at least one delivery; throws nothing
     */
    DeliveryLane(int batch, int workers, Executor executor, Consumer<List<TakenDelivery>> work) {
        this.batch = batch;
        this.workers = workers;
        this.executor = executor;
        this.work = work;
    }

    void add(TakenDelivery delivery) {
        lock.lock();
        try {
            waiting.add(delivery.upload().owner(), delivery);
            if (busy == workers || (busy > 0 && waiting.size() < batch)) {
                return;
            }
            busy++;
        } finally {
            lock.unlock();
        }
        executor.execute(this::run);
    }

    private void run() {
        for (List<TakenDelivery> next = next(); !next.isEmpty(); next = next()) {
            work.accept(next);
        }
    }

    /** Empty when nothing waits: the worker ends. */
    private List<TakenDelivery> next() {
        lock.lock();
        try {
            List<TakenDelivery> next = waiting.take(batch);
            if (next.isEmpty()) {
                busy--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }
}
