package dev.narwhal.database.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.database.h2.RecordedWrites.Call;
import dev.narwhal.database.h2.RecordedWrites.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.h2.engine.Constants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How H2 writes its file, as {@link AtomicFile} relies on it. No manual promises any of it: when this fails with another
 * version of H2, read what that version does before you change what is expected, and run {@code PowerLossIT}.
 */
class H2WritesIT {

    private static final int BLOCK = AtomicFile.BLOCK;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dataDirectory;

    private String url = "";
    private long size;

    /** Nothing is written behind our back: not what nobody syncs, and no space is given back. */
    @BeforeEach
    void record() {
        RecordedWrites.register();
        AtomicFilePath.register();
        UninterruptedFilePath.register();
        url = "jdbc:h2:recorded:atomic:uninterrupted:" + dataDirectory.resolve("narwhal")
                + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;WRITE_DELAY=1000000;AUTO_COMPACT_FILL_RATE=0";
        RecordedWrites.taken();
    }

    @Test
    void version_isTheOneThatWasLookedAt() {
        assertThat(Constants.VERSION).isEqualTo("2.4.240");
    }

    @Test
    void writes_areThoseThatTheLayerBelowWasMadeFor() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(shape()).isEqualTo("lock header end");
            statement.execute("create table sample (id int primary key, filler varchar)");
            assertThat(shape()).isEmpty();
            assertThat(shapeOfASync(statement)).isEqualTo("end sync");
            for (int id = 0; id < 100; id++) {
                statement.execute("insert into sample values (" + id + ", repeat('x', 2000))");
                assertThat(shape()).isEmpty();
                assertThat(shapeOfASync(statement)).isEqualTo("end sync");
            }
        }
        assertThat(shape()).isEqualTo("header sync close");

        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("select * from sample")).isTrue();
            assertThat(shape()).isEqualTo("lock");
        }
        assertThat(shape()).isEqualTo("end header header sync close");
    }

    /** Space is used again; the header is written after the chunk that it points to, without a sync between them. */
    @Test
    void writes_inTheMiddle_areTheChunkAndThenPerhapsTheHeader() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table sample (id int primary key, filler varchar)");
            statement.execute("insert into sample select x, repeat('x', 2000) from system_range(1, 200)");
            assertThat(shapeOfASync(statement)).startsWith("lock").endsWith("sync");
            statement.execute("set retention_time 0");
            Set<String> shapes = new TreeSet<>();
            for (int round = 0; round < 200; round++) {
                statement.execute("update sample set filler = repeat('y', 2000) where id = " + (1 + round));
                shapes.add(shapeOfASync(statement));
            }
            assertThat(shapes)
                    .contains("middle sync", "middle header sync")
                    .allMatch(shape -> shape.matches("(end|middle)( header)? sync( truncate sync)?"));
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "narwhal", "");
    }

    private String shapeOfASync(Statement statement) throws SQLException {
        statement.execute("checkpoint sync");
        return shape();
    }

    /** What was done since the last time this was asked, in words; whole blocks are taken for granted. */
    private String shape() {
        List<String> words = new ArrayList<>();
        for (Call call : RecordedWrites.taken()) {
            words.add(word(call));
        }
        return String.join(" ", words);
    }

    private String word(Call call) {
        if (call.kind() == Kind.TRUNCATE) {
            size = call.at();
        }
        if (call.kind() != Kind.WRITE) {
            return call.kind().name().toLowerCase(Locale.ROOT);
        }
        assertThat(call.at() % BLOCK).isZero();
        assertThat(call.length() % BLOCK).isZero();
        boolean atEnd = call.at() == size;
        size = Math.max(size, call.at() + call.length());
        if (call.at() == 0) {
            assertThat(call.length()).isEqualTo(2 * BLOCK);
            return "header";
        }
        return atEnd ? "end" : "middle";
    }
}
