package dev.narwhal.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * For H2, which writes a commit but never syncs it. All calls that wait at the same time share one transaction and one
 * sync, so that a sync costs each of them little; while it runs, the next group gathers.
 *
 * <p>One thread of its own does all of it, and is never interrupted: an interrupt inside H2's file channel closes the
 * database.
 */
final class GroupCommitter implements RowCommitter {

    private static final Logger log = LoggerFactory.getLogger(GroupCommitter.class);

    /** Bounds what one failing statement makes the others do again, and how long the rows of a group stay locked. */
    private static final int LARGEST_GROUP = 256;

    /** Writes what is committed and syncs the file. */
    private static final String SYNC = "CHECKPOINT SYNC";

    /** So much later what nobody waits for is synced, too: a crash must not take the parts of an hour. */
    private static final long LAZY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final WaitingCommit<?> LAST = new WaitingCommit<@Nullable Void>(() -> null, false);

    private final RowTransaction transaction;
    private final JdbcClient jdbc;
    private final BlockingQueue<WaitingCommit<?>> waiting = new LinkedBlockingQueue<>();
    private final ReentrantLock entrance = new ReentrantLock();
    private final Thread thread;
    private boolean closed;

    /** Of the committer's thread alone. */
    private long lastSync = System.nanoTime();

    private GroupCommitter(DataSource dataSource, PlatformTransactionManager transactions) {
        this.transaction = new RowTransaction(transactions);
        this.jdbc = JdbcClient.create(dataSource);
        this.thread = Thread.ofPlatform().name("row-committer").daemon().unstarted(this::commitGroups);
    }

    static GroupCommitter start(DataSource dataSource, PlatformTransactionManager transactions) {
        GroupCommitter committer = new GroupCommitter(dataSource, transactions);
        committer.thread.start();
        return committer;
    }

    @Override
    public <T extends @Nullable Object> T commit(Supplier<T> statements) {
        return commit(statements, true);
    }

    @Override
    public <T extends @Nullable Object> T commitLazily(Supplier<T> statements) {
        return commit(statements, false);
    }

    private <T extends @Nullable Object> T commit(Supplier<T> statements, boolean synced) {
        if (Thread.currentThread() == thread) {
            return statements.get();
        }
        WaitingCommit<T> commit = new WaitingCommit<>(statements, synced);
        enter(commit, false);
        return commit.await();
    }

    @Override
    public boolean showsBeforeDurable() {
        return true;
    }

    @Override
    public void close() {
        enter(LAST, true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // The pool is closed next, and what was handed over must be committed by then.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Under a lock, so that nothing gets in behind the last one, where nobody would answer it. */
    private void enter(WaitingCommit<?> commit, boolean last) {
        entrance.lock();
        try {
            if (closed && !last) {
                throw new CannotCreateTransactionException("The server is stopping: no more changes are taken");
            }
            if (!closed) {
                waiting.add(commit);
            }
            closed |= last;
        } finally {
            entrance.unlock();
        }
    }

    private void commitGroups() {
        List<WaitingCommit<?>> group = new ArrayList<>();
        boolean open = true;
        while (open) {
            group.add(next());
            waiting.drainTo(group, LARGEST_GROUP - 1);
            open = !group.remove(LAST);
            commitGroup(group);
            group.clear();
        }
    }

    private WaitingCommit<?> next() {
        while (true) {
            try {
                return waiting.take();
            } catch (InterruptedException e) {
                log.warn(
                        "database.interrupted The thread of the row committer was interrupted, which nothing should do; it goes on");
            }
        }
    }

    private void commitGroup(List<WaitingCommit<?>> group) {
        if (group.isEmpty()) {
            return;
        }
        try {
            transaction.run(() -> {
                group.forEach(WaitingCommit::run);
                return group;
            });
            if (group.stream().anyMatch(WaitingCommit::isSynced) || System.nanoTime() - lastSync > LAZY_NANOS) {
                sync();
            }
            group.forEach(WaitingCommit::succeed);
        } catch (CommitOutcomeUnknownException failure) {
            log.error("database.commit-failed changes={} their rows are read again", group.size(), failure);
            Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
            group.forEach(commit -> commit.fail(new CommitOutcomeUnknownException(cause)));
        } catch (RuntimeException | Error failure) {
            commitAlone(group, failure);
        }
    }

    /** One of them failed, and all are rolled back. With the database away, trying each again would only take long. */
    private void commitAlone(List<WaitingCommit<?>> group, Throwable failure) {
        if (group.size() == 1 || DatabaseFailures.isAway(failure)) {
            group.forEach(commit -> commit.fail(failure));
        } else {
            group.forEach(commit -> commitGroup(List.of(commit)));
        }
    }

    private void sync() {
        try {
            jdbc.sql(SYNC).update();
            lastSync = System.nanoTime();
        } catch (RuntimeException failure) {
            throw new CommitOutcomeUnknownException(failure);
        }
    }
}
