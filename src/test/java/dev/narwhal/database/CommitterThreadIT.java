package dev.narwhal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.narwhal.upload.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DelegatingDataSource;

@Timeout(60)
/** The connection and the thread of the group committer. */
class CommitterThreadIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dataDirectory;

    @SuppressWarnings("NullAway.Init")
    private ConnectionTap tap;

    @SuppressWarnings("NullAway.Init")
    private TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private RowCommitter committer;

    @BeforeEach
    void open() {
        database = TestDatabase.h2(dataDirectory, pool -> tap = new ConnectionTap(pool));
        committer = database.committer();
        database.jdbc().sql("create table tally (id int primary key)").update();
    }

    @AfterEach
    void close() {
        tap.before(statement -> {});
        tap.after(statement -> {});
        database.close();
    }

    private int insert(int id) {
        return database.jdbc().sql("insert into tally values (" + id + ")").update();
    }

    private List<Integer> tally() {
        return database.jdbc()
                .sql("select id from tally order by id")
                .query(Integer.class)
                .list();
    }

    /** A herd of readers has every connection of the pool. */
    @Test
    void commit_poolIsExhausted_hasAConnectionOfItsOwn() throws Exception {
        List<Connection> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                taken.add(database.dataSource().getConnection());
            }
            assertThat(committer.commit(() -> insert(1))).isEqualTo(1);
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
        assertThat(tally()).containsExactly(1);
    }

    @Test
    void commit_syncIsOnTheConnectionOfTheTransaction() {
        AtomicInteger connections = new AtomicInteger();
        DataSource counting = new DelegatingDataSource(database.committerConnections()) {
            @Override
            public Connection getConnection() throws SQLException {
                connections.incrementAndGet();
                return super.getConnection();
            }
        };
        RowCommitter other = GroupCommitter.start(counting, database.dataSource(), ended -> {});
        tap.clear();
        assertThat(other.commit(() -> insert(1))).isEqualTo(1);
        other.close();

        assertThat(connections).hasValue(1);
        assertThat(tap.commitsAndSyncs()).containsExactly(ConnectionTap.COMMIT, ConnectionTap.SYNC);
    }

    /** What no group can be begun with is told to whom it concerns; the thread goes on. */
    @Test
    void commit_connectionFailsWithAnError_theCommitterGoesOn() {
        AtomicInteger failures = new AtomicInteger(2);
        DataSource failing = new DelegatingDataSource(database.committerConnections()) {
            @Override
            public Connection getConnection() throws SQLException {
                if (failures.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("Java heap space");
                }
                return super.getConnection();
            }
        };
        RowCommitter other = GroupCommitter.start(failing, database.dataSource(), ended -> {});
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> other.commit(() -> insert(1))).isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(other.commit(() -> insert(1))).isEqualTo(1);
        other.close();
    }

    @Test
    void thread_ends_saysWhy() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        RowCommitter other = GroupCommitter.start(database.committerConnections(), database.dataSource(), told::set);

        Thread.ofVirtual()
                .start(() -> other.commit(() -> {
                    throw new UnspeakableException();
                }));

        await().until(() -> told.get() instanceof UnspeakableException);
        other.close();
    }

    /** Cannot even be told, which is what it takes to end the committer's thread. */
    private static final class UnspeakableException extends CommitOutcomeUnknownException {

        UnspeakableException() {
            super(new IllegalStateException("a cause"));
        }

        @Override
        public synchronized Throwable getCause() {
            throw this;
        }
    }

    @Test
    void health_somebodyWaitsTooLong_isDegraded() {
        RowCommitter stuck = new RowCommitter() {
            @Override
            public <T> T commit(Supplier<T> statements) {
                return statements.get();
            }

            @Override
            public Duration oldestWait() {
                return CommitterHealth.TOO_LONG.plusMillis(1);
            }
        };

        assertThat(new CommitterHealth(stuck).health().getStatus().getCode()).isEqualTo("DEGRADED");
    }
}
