package dev.narwhal.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import javax.sql.DataSource;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;

/** Transactions on a given connection. Statements that ask the shared data source for a connection take part in them. */
final class ConnectionTransactions extends JdbcTransactionManager {

    /** @param shared the data source that the transaction's statements ask for a connection; they get {@code connection} */
    ConnectionTransactions(Connection connection, DataSource shared) {
        super(new ConnectionDataSource(connection, shared));
        // Without this the framework keeps the connection in use, and later commits the changes whose commit has
        // failed.
        setRollbackOnCommitFailure(true);
    }

    /** @throws CannotCreateTransactionException when the connection has died */
    static StatementSavepoint savepoint(Connection connection) {
        try {
            return new StatementSavepoint(connection, connection.setSavepoint());
        } catch (SQLException e) {
            throw new CannotCreateTransactionException("A savepoint cannot be set", e);
        }
    }

    /** A savepoint of the transaction in progress. */
    record StatementSavepoint(Connection connection, Savepoint savepoint) {

        /** Returns false when the database has rolled back more than the statements after the savepoint. */
        boolean rollBack(Throwable failure) {
            try {
                connection.rollback(savepoint);
                return true;
            } catch (SQLException e) {
                failure.addSuppressed(e);
                return false;
            }
        }
    }

    private static final class ConnectionDataSource extends SingleConnectionDataSource implements InfrastructureProxy {

        private final DataSource shared;

        ConnectionDataSource(Connection connection, DataSource shared) {
            super(connection, false);
            this.shared = shared;
        }

        @Override
        public Object getWrappedObject() {
            return shared;
        }
    }
}
