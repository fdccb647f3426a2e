package dev.narwhal.destination.directory;

import java.nio.file.Path;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which marker the directory at a path has: what servers remember of it in their database. Several of them may have one
 * directory at a path, or each a disk of its own. Safe for several threads.
 */
public final class RootMarkers {

    private final JdbcClient jdbc;
    private final String volume;

    /** @param volume of the server's staged bytes: by it one server is told from another */
    public RootMarkers(JdbcClient jdbc, String volume) {
        this.jdbc = jdbc;
        this.volume = volume;
    }

    /** All that any server has there; empty for a directory that was never used. */
    List<String> find(Path root) {
        return jdbc.sql("select distinct marker from destination_root where path = :path order by marker")
                .param("path", root.toString())
                .query(String.class)
                .list();
    }

    /** True when this server has never used it. */
    boolean isNew(Path root) {
        return jdbc.sql("select 1 from destination_root where path = :path and volume = :volume")
                .param("path", root.toString())
                .param("volume", volume)
                .query(Integer.class)
                .optional()
                .isEmpty();
    }

    /** True for a server that was there before there were markers: what it has used already may be without one. */
    boolean isOfBefore() {
        return jdbc.sql("select 1 from volume_before_markers where volume = :volume")
                .param("volume", volume)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void remember(Path root, String marker) {
        try {
            jdbc.sql("insert into destination_root (path, volume, marker) values (:path, :volume, :marker)")
                    .param("path", root.toString())
                    .param("volume", volume)
                    .param("marker", marker)
                    .update();
        } catch (DuplicateKeyException e) {
            // Two destinations have the same directory: the other one was faster, and what it remembers counts.
            return;
        }
    }
}
