package dev.narwhal.database;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/** For PostgreSQL, which syncs its own commits and groups them itself. Runs on the caller's thread. */
final class DirectCommitter implements RowCommitter {

    private final RowTransaction transaction;

    DirectCommitter(PlatformTransactionManager transactions) {
        this.transaction = new RowTransaction(transactions);
    }

    @Override
    public <T extends @Nullable Object> T commit(Supplier<T> statements) {
        return transaction.run(statements);
    }
}
