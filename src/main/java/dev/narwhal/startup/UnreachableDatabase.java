package dev.narwhal.startup;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** The database is away, or does not let us in. */
final class UnreachableDatabase {

    /** Classes of SQL states (SQL:2023, 24.1) and codes of our own databases that mean "no connection". */
    private static final List<String> NO_CONNECTION =
            List.of("08", "28", "3D", "57P", "53300", "90013", "90020", "90030", "90031", "90067", "90098", "90146");

    private UnreachableDatabase() {}

    static Optional<String> explain(List<Throwable> chain, @Nullable Environment environment) {
        if (environment == null) {
            return Optional.empty();
        }
        return chain.stream()
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .filter(UnreachableDatabase::isAway)
                .reduce((outer, inner) -> inner)
                .map(e -> sentence(e, environment));
    }

    private static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        return state != null && NO_CONNECTION.stream().anyMatch(state::startsWith);
    }

    private static String sentence(SQLException e, Environment environment) {
        String reason = Shown.url(String.valueOf(e.getMessage()));
        String url = environment.getProperty("spring.datasource.url");
        if (url == null) {
            return "the embedded database below narwhal.data-dir cannot be used (" + reason + ")";
        }
        String user = environment.getProperty("spring.datasource.username", "");
        return "the database that spring.datasource.url names, '" + Shown.url(url) + "' (user '" + user
                + "'), cannot be used (" + reason + "): start it, or check url, username and password";
    }
}
