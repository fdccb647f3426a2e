package dev.narwhal.startup;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** Explains that the database is unreachable, or refuses the login. */
final class UnreachableDatabase {

    /** Classes of SQL states (SQL:2023, 24.1) and codes of our own databases that mean "no connection". */
    private static final List<String> NO_CONNECTION =
            List.of("08", "28", "3D", "57P", "53300", "90013", "90020", "90030", "90031", "90067", "90098", "90146");

    private UnreachableDatabase() {}

    static Optional<String> explain(List<Throwable> chain, @Nullable Environment environment) {
        if (environment == null) {
            return Optional.empty();
        }
        String url = environment.getProperty("spring.datasource.url", "");
        if (chain.stream().anyMatch(UnreachableDatabase::isNoDataSource) && !isOurs(url)) {
            return Optional.of("spring.datasource.url is '" + Redaction.url(url)
                    + "': it must be one of PostgreSQL, for instance jdbc:postgresql://localhost:5432/narwhal, or of H2, or"
                    + " be left out for the embedded database");
        }
        boolean connecting = StartFailure.first(chain, CannotGetJdbcConnectionException.class)
                .isPresent();
        return chain.stream()
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .filter(e -> connecting || isAway(e))
                .reduce((outer, inner) -> inner)
                .map(e -> sentence(e, url, environment));
    }

    /** Whether the pool could not be created: there is no driver for the URL, or the URL is invalid. */
    private static boolean isNoDataSource(Throwable cause) {
        return cause instanceof BeanCreationException bean && "dataSource".equals(bean.getBeanName());
    }

    private static boolean isOurs(String url) {
        return url.isBlank() || url.startsWith("jdbc:postgresql:") || url.startsWith("jdbc:h2:");
    }

    private static boolean isAway(SQLException e) {
        String state = e.getSQLState();
        return state != null && NO_CONNECTION.stream().anyMatch(state::startsWith);
    }

    private static String sentence(SQLException e, String url, Environment environment) {
        String reason = Redaction.url(String.valueOf(e.getMessage()));
        if (url.isBlank()) {
            return "the embedded database in narwhal.data-dir '" + environment.getProperty("narwhal.data-dir", "")
                    + "' cannot be used (" + reason + ")";
        }
        String user = environment.getProperty("spring.datasource.username", "");
        return "the database that spring.datasource.url names, '" + Redaction.url(url) + "' (user '" + user
                + "'), cannot be used (" + reason + "): start it, or check url, username and password";
    }
}
