package dev.narwhal.statistics;

import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Adds to rows of the table {@code statistics}, and removes those of old hours. */
final class TallyRows {

    /** Of one hour or day; later ones are counted with everybody alone. It bounds what credentials made by a machine can fill. */
    static final int MOST_OWNERS = 1_000;

    private static final String ADD = "update statistics set " + Measure.columns("$ = $ + :$") + """
             where span = :span and everybody = :everybody and owner = :owner and start_at = :start
            """;

    private static final String INSERT = "insert into statistics (span, everybody, owner, start_at, "
            + Measure.columns("$") + ") values (:span, :everybody, :owner, :start, " + Measure.columns(":$") + ")";

    private static final String OWNERS = """
            select count(*) from statistics where span = :span and start_at = :start and not everybody
            """;

    private static final String DELETE_HOURS = "delete from statistics where span = 'HOUR' and start_at < :before";

    private final JdbcClient jdbc;

    TallyRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws org.springframework.dao.DuplicateKeyException when another process has added the same row: to be done again */
    void add(Tally tally) {
        tally.forEach(this::add);
    }

    private void add(Tally.Row row, long[] amounts) {
        MapSqlParameterSource parameters = new MapSqlParameterSource()
                .addValue("span", row.span().name())
                .addValue("everybody", row.everybody())
                .addValue("owner", row.owner())
                .addValue("start", row.start().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
        for (Measure measure : Measure.values()) {
            parameters.addValue(measure.column(), amounts[measure.ordinal()]);
        }
        if (jdbc.sql(ADD).paramSource(parameters).update() == 0 && (row.everybody() || hasRoom(parameters))) {
            jdbc.sql(INSERT).paramSource(parameters).update();
        }
    }

    private boolean hasRoom(MapSqlParameterSource row) {
        return jdbc.sql(OWNERS).paramSource(row).query(Long.class).single() < MOST_OWNERS;
    }

    void removeHours(Instant before) {
        jdbc.sql(DELETE_HOURS)
                .param("before", before.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }
}
