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
 * Group commit for H2, which writes a commit but never syncs it. All calls that wait at the same time share one transaction and
 * one sync, so that each call pays a fraction of the sync. The next group gathers during the sync. When the statements of one
 * call fail, the committer rolls back to that call's savepoint, and the others lose nothing.
 *
 * <p>One dedicated thread does all of this and is never interrupted: an interrupt inside H2's file channel closes the database.
 * Only this thread commits, so the process ends when the thread does.
 */
final class GroupCommitter implements RowCommitter {

    private static final Logger log = LoggerFactory.getLogger(GroupCommitter.class);

    /** Bounds how long a group keeps its rows locked. */
    private static final int LARGEST_GROUP = 256;

    /** Writes all committed changes and syncs the file. */
    private static final String SYNC = "CHECKPOINT SYNC";

    /** Closes the database without writing. */
    private static final String CLOSE_DATABASE = "SHUTDOWN IMMEDIATELY";

    /**
     * A group of lazy commits is synced when the last sync is longer ago than this: a crash must not lose the
     * parts of an hour.
     */
    private static final long MAX_UNSYNCED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final WaitingCommit<?> CLOSE_MARKER = new WaitingCommit<@Nullable Void>(() -> null, false);

    private final DataSource own;
    private final DataSource shared;
    private final Consumer<Throwable> onThreadDeath;
    private final BlockingQueue<WaitingCommit<?>> waiting = new LinkedBlockingQueue<>();
    private final ReentrantLock enqueueLock = new ReentrantLock();
    private final Thread thread;
    private boolean closed;

    /** The call of the present group that has waited longest; null between groups. */
    private volatile @Nullable WaitingCommit<?> oldestInGroup;

    /** Only the committer's thread uses it. */
    private long lastSync = System.nanoTime();

    private GroupCommitter(DataSource own, DataSource shared, Consumer<Throwable> onThreadDeath) {
        this.own = own;
        this.shared = shared;
        this.onThreadDeath = onThreadDeath;
        this.thread = Thread.ofPlatform().name("row-committer").daemon().unstarted(this::commitUntilClosed);
    }

    /**
     * @param own gives out the committer's connection; nobody else uses this pool, and the committer takes one connection at a
     *     time
     * @param shared the data source that the callers' statements use
     * @param onThreadDeath receives the reason when the thread ends, which should never happen
     */
    static GroupCommitter start(DataSource own, DataSource shared, Consumer<Throwable> onThreadDeath) {
        GroupCommitter committer = new GroupCommitter(own, shared, onThreadDeath);
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
        enqueue(commit, false);
        return commit.await();
    }

    @Override
    public boolean showsBeforeDurable() {
        return true;
    }

    @Override
    public Duration oldestWait() {
        WaitingCommit<?> oldest = oldestInGroup;
        if (oldest == null) {
            oldest = waiting.peek();
        }
        return oldest == null || oldest == CLOSE_MARKER ? Duration.ZERO : oldest.age();
    }

    @Override
    public void close() {
        enqueue(CLOSE_MARKER, true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // The pool is closed next, and every enqueued call must be committed by then.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Under a lock, so that no call gets in behind the close marker, where nobody would answer it. */
    private void enqueue(WaitingCommit<?> commit, boolean last) {
        enqueueLock.lock();
        try {
            if (closed && !last) {
                throw new CannotCreateTransactionException("The server is stopping: no more changes are taken");
            }
            if (!closed) {
                waiting.add(commit);
            }
            closed |= last;
        } finally {
            enqueueLock.unlock();
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
            onThreadDeath.accept(e);
        }
    }

    /** Tells a failure to the calls that it concerns, and goes on with the next group. Returns false after the close marker. */
    private boolean commitNext(List<WaitingCommit<?>> group) {
        boolean last = false;
        try {
            take(group);
            last = group.remove(CLOSE_MARKER);
            commitGroup(group);
        } catch (RuntimeException | Error defect) {
            last |= group.remove(CLOSE_MARKER);
            failAsUnknown(group, defect);
        } finally {
            oldestInGroup = null;
            group.clear();
        }
        return !last;
    }

    private void take(List<WaitingCommit<?>> group) {
        WaitingCommit<?> first = next();
        group.add(first);
        oldestInGroup = first;
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
            failAsUnknown(group, Objects.requireNonNullElse(failure.getCause(), failure));
        } catch (GroupRolledBackException rolledBack) {
            // Rare: a deadlock, after which the database has rolled back the changes of the whole group.
            rolledBack.failed().fail(rolledBack.reason());
            List<WaitingCommit<?>> others = new ArrayList<>(group);
            others.remove(rolledBack.failed());
            commitGroup(others);
        } catch (RuntimeException | Error failure) {
            group.forEach(commit -> commit.fail(failure));
        }
    }

    /**
     * The first new connection reopens a database whose sync has failed, but only after the last old connection is gone. The
     * pool replaces each evicted connection by one that still finds the database open. So the committer closes the database
     * itself.
     */
    private void closeIfBroken(Throwable failure) {
        if (!DatabaseFailures.isUnreachable(failure)) {
            return;
        }
        try (Connection connection = own.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(CLOSE_DATABASE);
        } catch (SQLException e) {
            log.debug("database.not-closed it is away by itself: {}", e.toString());
        }
    }

    private static void failAsUnknown(List<WaitingCommit<?>> group, Throwable cause) {
        log.error("database.commit-failed changes={} their rows are read again", group.size(), cause);
        group.forEach(commit -> commit.fail(new CommitOutcomeUnknownException(cause)));
    }

    /**
     * The sync uses the connection of the commit. If that connection has died, the database may have been reopened without the
     * commit, and a sync on another connection would succeed.
     */
    private void commitTogether(List<WaitingCommit<?>> group) {
        if (group.isEmpty()) {
            return;
        }
        Connection connection = connect();
        try {
            ConnectionTransactions transactions = new ConnectionTransactions(connection, shared);
            new RowTransaction(transactions).run(() -> {
                runEach(group, connection);
                return group;
            });
            if (group.stream().anyMatch(WaitingCommit::needsSync)
                    || System.nanoTime() - lastSync > MAX_UNSYNCED_NANOS) {
                sync(connection);
            }
            group.forEach(WaitingCommit::complete);
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

    /** When the database is unreachable the whole group fails at once: trying each call would only take long. */
    private static void runEach(List<WaitingCommit<?>> group, Connection connection) {
        if (group.size() == 1) {
            group.getFirst().run();
            return;
        }
        for (WaitingCommit<?> commit : group) {
            ConnectionTransactions.StatementSavepoint savepoint = ConnectionTransactions.savepoint(connection);
            try {
                commit.run();
            } catch (RuntimeException | Error failure) {
                if (DatabaseFailures.isUnreachable(failure)) {
                    throw failure;
                }
                if (!savepoint.rollBack(failure)) {
                    throw new GroupRolledBackException(commit, failure);
                }
                commit.recordFailure(failure);
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
