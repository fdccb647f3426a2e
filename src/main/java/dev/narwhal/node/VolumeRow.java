package dev.narwhal.node;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a volume, as its row says.
 *
 * @param pid the owner's process id, for operators
 * @param heartbeat a counter that only the owner increments; a process that sees it move knows that the owner is alive, without
 *     any clock
 * @param held false once the owner has released the volume
 */
record VolumeRow(
        String volume, String nodeId, long incarnation, long pid, HeldLock lock, long heartbeat, boolean held) {

    static VolumeRow read(ResultSet row, int number) throws SQLException {
        @Nullable String boot = row.getString("boot_id");
        return new VolumeRow(
                row.getString("id"),
                row.getString("node_id"),
                row.getLong("incarnation"),
                row.getLong("pid"),
                new HeldLock(boot, row.getObject("lock_device", Long.class), row.getObject("lock_inode", Long.class)),
                row.getLong("heartbeat"),
                row.getBoolean("held"));
    }

    VolumeRow withHeartbeat(long moved) {
        return new VolumeRow(volume, nodeId, incarnation, pid, lock, moved, held);
    }

    boolean isMovedSince(VolumeRow earlier) {
        return incarnation != earlier.incarnation || heartbeat != earlier.heartbeat;
    }
}
