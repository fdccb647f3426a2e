package dev.narwhal.upload;

import dev.narwhal.database.RowCommitter;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The {@code database_age} table: a count for each volume that only grows, and goes back when an older database is restored. */
public final class DatabaseAgeRepository {

    private static final String FIND = "select age from database_age where volume = :volume";
    private static final String MOVE = "update database_age set age = :age where volume = :volume and age < :age";
    private static final String ADD = "insert into database_age (volume, age) values (:volume, :age)";

    private final JdbcClient jdbc;
    private final RowCommitter committer;

    public DatabaseAgeRepository(JdbcClient jdbc, RowCommitter committer) {
        this.jdbc = jdbc;
        this.committer = committer;
    }

    /** 0 for a volume that the database does not know. One statement. */
    public long find(String volume) {
        return jdbc.sql(FIND)
                .param("volume", volume)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /** Durable when this returns; so is every row that was committed before. Never lowers the count. */
    public void raise(String volume, long age) {
        var unused = committer.commit(() -> {
            int moved = jdbc.sql(MOVE).param("volume", volume).param("age", age).update();
            return moved == 0 && find(volume) == 0
                    ? jdbc.sql(ADD).param("volume", volume).param("age", age).update()
                    : moved;
        });
    }
}
