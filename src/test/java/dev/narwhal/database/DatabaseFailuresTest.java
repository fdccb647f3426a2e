package dev.narwhal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;

class DatabaseFailuresTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08001", "08006", "57P01", "57P02", "57P03", "25006", "53300", "53100", "55P03", "90098", "90121",
                "90067"
            })
    void isUnavailable_stateOfADatabaseThatIsAway_isTrue(String state) {
        SQLException failure = new SQLException("away", state);

        assertThat(DatabaseFailures.isUnavailable(failure)).isTrue();
        assertThat(DatabaseFailures.isUnavailable(new UncategorizedSQLException("find", "select", failure)))
                .isTrue();
    }

    /** What H2 says while the disk is full, and of every statement after that until it has been opened again. */
    @Test
    void isUnreachable_h2CannotWriteItsFile_isTrue() {
        SQLException failure = new SQLException(
                "General error",
                "HY000",
                50_000,
                new IOException(new MVStoreException(DataUtils.ERROR_CLOSED, "This store is closed")));

        assertThat(DatabaseFailures.isUnreachable(new UncategorizedSQLException("find", "select", failure)))
                .isTrue();
    }

    /** A lock that was not free in time has the same cause, and the connection is as good as before. */
    @Test
    void isUnreachable_h2sLockWasNotFree_isFalse() {
        SQLException failure = new SQLException(
                "Timeout trying to lock table",
                "HYT00",
                50_200,
                new MVStoreException(DataUtils.ERROR_TRANSACTION_LOCKED, "locked"));

        assertThat(DatabaseFailures.isUnreachable(failure)).isFalse();
    }

    @Test
    void isUnreachable_connectionThatThePoolHasGivenUp_isTrue() throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:h2:mem:given-up");
            Connection connection = pool.getConnection();
            connection.close();

            Throwable failure = catchThrowable(() -> connection.prepareStatement("select 1"));

            assertThat(DatabaseFailures.isUnreachable(new IllegalStateException(failure)))
                    .isTrue();
        }
    }

    static Stream<Throwable> passing() {
        return Stream.of(
                new SQLTransientConnectionException("the pool has none"),
                new CannotGetJdbcConnectionException("none"),
                new CannotCreateTransactionException("none"),
                new CommitOutcomeUnknownException(new IOException("reset")),
                new QueryTimeoutException("slow"),
                new CannotAcquireLockException("locked"),
                new IllegalStateException(new RuntimeException(new SQLException("deep", "08006"))));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void isUnavailable_failureThatPasses_isTrue(Throwable failure) {
        assertThat(DatabaseFailures.isUnavailable(failure)).isTrue();
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new IllegalStateException("a bug"),
                new IOException("a file"),
                new SQLException("no state"),
                new SQLException("a bug of the database", "HY000", 50_000),
                new DuplicateKeyException("taken", new SQLIntegrityConstraintViolationException("taken", "23505")),
                new BadSqlGrammarException("find", "selct", new SQLException("syntax", "42601")));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void isUnavailable_failureThatWouldHappenAgain_isFalse(Throwable failure) {
        assertThat(DatabaseFailures.isUnavailable(failure)).isFalse();
    }

    @Test
    void isUnavailable_causesThatFormARing_isFalse() {
        RuntimeException first = new RuntimeException("first");
        first.initCause(new RuntimeException("second", first));

        assertThat(DatabaseFailures.isUnavailable(first)).isFalse();
    }

    @Test
    void isUnreachable_lockThatIsNotFree_isFalse() {
        assertThat(DatabaseFailures.isUnreachable(new CannotAcquireLockException("locked")))
                .isFalse();
    }
}
