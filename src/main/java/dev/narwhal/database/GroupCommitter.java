package dev.narwhal.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * For H2, which writes a commit but never syncs it. All calls that wait at the same time share one transaction and one
 * sync, so that a sync costs each of them little; while it runs, the next group gathers. One whose statements fail is taken back
 * to its savepoint, and costs the others no more than its statements.
 *
 * <p>One thread of its own does all of it, and is never interrupted: an interrupt inside H2's file channel closes the
 * database. Nobody else would commit anything, so when that thread ends the process does.
 */
final class GroupCommitter implements RowCommitter {

    private static final Logger log = LoggerFactory.getLogger(GroupCommitter.class);

    /** Bounds how long the rows of a group stay locked. */
    private static final int LARGEST_GROUP = 256;

    /** Writes what is committed and syncs the file. */
    private static final String SYNC = "CHECKPOINT SYNC";

    /** Writes nothing. */
    private static final String CLOSE = "SHUTDOWN IMMEDIATELY";

    /** So much later what nobody waits for is synced, too: a crash must not take the parts of an hour. */
    private static final long LAZY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final WaitingCommit<?> LAST = new WaitingCommit<@Nullable Void>(() -> null, false);

    private final DataSource own;
    private final DataSource shared;
    private final Consumer<Throwable> lastWill;
    private final BlockingQueue<WaitingCommit<?>> waiting = new LinkedBlockingQueue<>();
    private final ReentrantLock entrance = new ReentrantLock();
    private final Thread thread;
    private boolean closed;

    /** The one of those in hand that has waited longest; null while nothing is in hand. */
    private volatile @Nullable WaitingCommit<?> oldestInHand;

    /** Of the committer's thread alone. */
    private long lastSync = System.nanoTime();

    private GroupCommitter(DataSource own, DataSource shared, Consumer<Throwable> lastWill) {
        this.own = own;
        this.shared = shared;
        this.lastWill = lastWill;
        this.thread = Thread.ofPlatform().name("row-committer").daemon().unstarted(this::commitUntilClosed);
    }

    /**
     * @param own where the connection comes from, one at a time, which nobody else wants
     * @param shared through which the callers' statements are sent
     * @param lastWill told why the thread has ended, which nothing should do
     */
    static GroupCommitter start(DataSource own, DataSource shared, Consumer<Throwable> lastWill) {
        GroupCommitter committer = new GroupCommitter(own, shared, lastWill);
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
    public Duration oldestWait() {
        WaitingCommit<?> oldest = oldestInHand;
        if (oldest == null) {
            oldest = waiting.peek();
        }
        return oldest == null || oldest == LAST ? Duration.ZERO : oldest.age();
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

    private void commitUntilClosed() {
        try {
            List<WaitingCommit<?>> group = new ArrayList<>(LARGEST_GROUP);
            boolean open = true;
            while (open) {
                open = commitNext(group);
            }
        } catch (RuntimeException | Error e) {
            lastWill.accept(e);
        }
    }

    /** Whatever goes wrong is told to those whom it concerns, and the next group has its turn. Returns false after the last one. */
    private boolean commitNext(List<WaitingCommit<?>> group) {
        boolean last = false;
        try {
            take(group);
            last = group.remove(LAST);
            commitGroup(group);
        } catch (RuntimeException | Error defect) {
            last |= group.remove(LAST);
            tellUnknown(group, defect);
        } finally {
            oldestInHand = null;
            group.clear();
        }
        return !last;
    }

    private void take(List<WaitingCommit<?>> group) {
        WaitingCommit<?> first = next();
        group.add(first);
        oldestInHand = first;
        waiting.drainTo(group, LARGEST_GROUP - 1);
    }

    private WaitingCommit<?> next() {
        while (true) {
            try {
                return waiting.take();
            } catch (InterruptedException e) {
                log.warn("database.interrupted The thread of the row committer was interrupted, which nothing should"
                        + " do; it goes on");
            }
        }
    }

    private void commitGroup(List<WaitingCommit<?>> group) {
        try {
            commitTogether(group);
        } catch (CommitOutcomeUnknownException failure) {
            closeIfBroken(failure);
            tellUnknown(group, Objects.requireNonNullElse(failure.getCause(), failure));
        } catch (LostGroupException lost) {
            // Rare: a deadlock, after which the database has rolled back everybody's changes.
            lost.culprit().fail(lost.reason());
            List<WaitingCommit<?>> others = new ArrayList<>(group);
            others.remove(lost.culprit());
            commitGroup(others);
        } catch (RuntimeException | Error failure) {
            group.forEach(commit -> commit.fail(failure));
        }
    }

    /**
     * A file that was not synced is opened anew by the first connection after the last old one is gone; but each old one that goes is followed
     * by one of the pool's that still finds it open.
     */
    private void closeIfBroken(Throwable failure) {
        if (!DatabaseFailures.isAway(failure)) {
            return;
        }
        try (Connection connection = own.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(CLOSE);
        } catch (SQLException e) {
            log.debug("database.not-closed it is away by itself: {}", e.toString());
        }
    }

    private static void tellUnknown(List<WaitingCommit<?>> group, Throwable cause) {
        log.error("database.commit-failed changes={} their rows are read again", group.size(), cause);
        group.forEach(commit -> commit.fail(new CommitOutcomeUnknownException(cause)));
    }

    /** The sync is on the same connection: where that has died the database may have been opened anew, without the commit. */
    private void commitTogether(List<WaitingCommit<?>> group) {
        if (group.isEmpty()) {
            return;
        }
        Connection connection = connect();
        try {
            OwnTransactions transactions = new OwnTransactions(connection, shared);
            new RowTransaction(transactions).run(() -> {
                runEach(group, connection);
                return group;
            });
            if (group.stream().anyMatch(WaitingCommit::needsSync) || System.nanoTime() - lastSync > LAZY_NANOS) {
                sync(connection);
            }
            group.forEach(WaitingCommit::tell);
        } finally {
            JdbcUtils.closeConnection(connection);
        }
    }

    private Connection connect() {
        try {
            return own.getConnection();
        } catch (SQLException e) {
            throw new CannotCreateTransactionException("There is no connection to commit with", e);
        }
    }

    /** With the database away all have failed: to try each of them would only take long. */
    private static void runEach(List<WaitingCommit<?>> group, Connection connection) {
        if (group.size() == 1) {
            group.getFirst().run();
            return;
        }
        for (WaitingCommit<?> commit : group) {
            OwnTransactions.Mark before = OwnTransactions.mark(connection);
            try {
                commit.run();
            } catch (RuntimeException | Error failure) {
                if (DatabaseFailures.isAway(failure)) {
                    throw failure;
                }
                if (!before.takeBack(failure)) {
                    throw new LostGroupException(commit, failure);
                }
                commit.refuse(failure);
            }
        }
    }

    private void sync(Connection connection) {
        try (PreparedStatement statement = connection.prepareStatement(SYNC)) {
            statement.executeUpdate();
            lastSync = System.nanoTime();
        } catch (SQLException | RuntimeException | Error failure) {
            throw new CommitOutcomeUnknownException(failure);
        }
    }
}
