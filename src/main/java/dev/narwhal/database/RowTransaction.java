package dev.narwhal.database;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/**
 * One transaction that distinguishes a failed commit from every other failure. A failed begin or statement changes nothing;
 * after a failed commit the outcome is unknown. The framework's template throws the same exceptions for both.
 */
final class RowTransaction {

    private final PlatformTransactionManager transactions;
    private final TransactionDefinition definition = new DefaultTransactionDefinition();

    RowTransaction(PlatformTransactionManager transactions) {
        this.transactions = transactions;
    }

    /**
     * Joins this thread's transaction if there is one.
     *
     * @throws CommitOutcomeUnknownException when the commit failed
     * @throws RuntimeException when the transaction could not begin, or the exception of {@code statements}; rolled back
     */
    <T extends @Nullable Object> T run(Supplier<T> statements) {
        TransactionStatus status = transactions.getTransaction(definition);
        T result;
        try {
            result = statements.get();
        } catch (RuntimeException | Error failure) {
            rollBack(status, failure);
            throw failure;
        }
        commit(status);
        return result;
    }

    private void commit(TransactionStatus status) {
        try {
            transactions.commit(status);
        } catch (RuntimeException | Error failure) {
            throw new CommitOutcomeUnknownException(failure);
        }
    }

    private void rollBack(TransactionStatus status, Throwable failure) {
        try {
            transactions.rollback(status);
        } catch (RuntimeException second) {
            // The pool evicts the connection, and the database rolls back by itself.
            failure.addSuppressed(second);
        }
    }
}
