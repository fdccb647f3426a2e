package dev.narwhal.upload;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** A statement that finds only what a {@link Sight} includes. */
final class SightStatement {

    private final Map<Sight.Kind, String> texts = new EnumMap<>(Sight.Kind.class);

    /** @param template with {@code %s} after another condition of its predicate */
    SightStatement(String template) {
        for (Sight.Kind kind : Sight.Kind.values()) {
            texts.put(kind, template.formatted(kind.condition()));
        }
    }

    StatementSpec of(JdbcClient jdbc, Sight sight) {
        StatementSpec statement = jdbc.sql(Objects.requireNonNull(texts.get(sight.kind())));
        return sight.kind() == Sight.Kind.EVERYTHING ? statement : statement.param("seer", sight.value());
    }
}
