package dev.narwhal.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import javax.sql.DataSource;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;

/** Transactions on a connection that is given, in which statements take part that ask the shared pool for one. */
final class OwnTransactions extends JdbcTransactionManager {

    /** @param shared where the statements of the transaction look for their connection, and find this one */
    OwnTransactions(Connection connection, DataSource shared) {
        super(new InPlaceOf(connection, shared));
        // Else the framework goes on with the connection, and so commits after all what has failed to commit.
        setRollbackOnCommitFailure(true);
    }

    /** @throws CannotCreateTransactionException when the connection has died */
    static Mark mark(Connection connection) {
        try {
            return new Mark(connection, connection.setSavepoint());
        } catch (SQLException e) {
            throw new CannotCreateTransactionException("A savepoint cannot be set", e);
        }
    }

    /** A moment of a transaction. */
    record Mark(Connection connection, Savepoint savepoint) {

        /** Returns false when the database has rolled back more than what came after it. */
        boolean takeBack(Throwable failure) {
            try {
                connection.rollback(savepoint);
                return true;
            } catch (SQLException e) {
                failure.addSuppressed(e);
                return false;
            }
        }
    }

    private static final class InPlaceOf extends SingleConnectionDataSource implements InfrastructureProxy {

        private final DataSource shared;

        InPlaceOf(Connection connection, DataSource shared) {
            super(connection, false);
            this.shared = shared;
        }

        @Override
        public Object getWrappedObject() {
            return shared;
        }
    }
}
