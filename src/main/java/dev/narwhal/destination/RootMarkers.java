package dev.narwhal.destination;

import java.nio.file.Path;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which marker the directory at a path has: what the server remembers of it in its database. Safe for several threads. */
final class RootMarkers {

    private final JdbcClient jdbc;

    RootMarkers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Empty for a directory that was never used. */
    Optional<String> find(Path root) {
        return jdbc.sql("select marker from destination_root where path = :path")
                .param("path", root.toString())
                .query(String.class)
                .optional();
    }

    /** @return the marker that counts: of two servers that use a directory for the first time together, one was faster */
    String remember(Path root, String marker) {
        try {
            jdbc.sql("insert into destination_root (path, marker) values (:path, :marker)")
                    .param("path", root.toString())
                    .param("marker", marker)
                    .update();
            return marker;
        } catch (DuplicateKeyException e) {
            return find(root).orElseThrow(() -> e);
        }
    }
}
