package dev.narwhal.destination.directory;

import java.nio.file.Path;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The markers of directories, as the servers have recorded them in their database. Several servers may share the directory at
 * a path, or each may have a disk of its own there. Safe for several threads.
 */
public final class RootMarkers {

    private final JdbcClient jdbc;
    private final String volume;

    /** @param volume id of the server's staging volume, which distinguishes this server from others */
    public RootMarkers(JdbcClient jdbc, String volume) {
        this.jdbc = jdbc;
        this.volume = volume;
    }

    /** The markers that all servers have recorded for the path; empty when no server has used it. */
    List<String> find(Path root) {
        return jdbc.sql("select distinct marker from destination_root where path = :path order by marker")
                .param("path", root.toString())
                .query(String.class)
                .list();
    }

    /** True when this server has recorded no marker for the path. */
    boolean isNew(Path root) {
        return jdbc.sql("select 1 from destination_root where path = :path and volume = :volume")
                .param("path", root.toString())
                .param("volume", volume)
                .query(Integer.class)
                .optional()
                .isEmpty();
    }

    /** True for a server that is older than markers: it may have used a directory that has none. */
    boolean predatesMarkers() {
        return jdbc.sql("select 1 from volume_before_markers where volume = :volume")
                .param("volume", volume)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void record(Path root, String marker) {
        try {
            jdbc.sql("insert into destination_root (path, volume, marker) values (:path, :volume, :marker)")
                    .param("path", root.toString())
                    .param("volume", volume)
                    .param("marker", marker)
                    .update();
        } catch (DuplicateKeyException e) {
            // Two destinations share the directory. The other one was faster, and its row counts.
            return;
        }
    }
}
