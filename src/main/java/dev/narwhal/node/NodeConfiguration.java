package dev.narwhal.node;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.RowFence;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.DatabaseMetaData;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/** Wires this process's identity and its volume. The process takes the volume before any other code uses the uploads' rows. */
@Configuration(proxyBeanMethods = false)
public class NodeConfiguration {

    /**
     * The exit status of a failed start: a supervisor starts the process again, and the new process finds out who owns the
     * volume.
     */
    private static final int LOST = 1;

    @Bean
    @DependsOnDatabaseInitialization
    VolumeRepository volumeRepository(JdbcClient jdbc, RowCommitter committer, Clock clock) {
        return new VolumeRepository(jdbc, committer, clock);
    }

    @Bean
    Node node(VolumeRepository volumes) {
        return Node.here(volumes.nextIncarnation());
    }

    /** The uploads' repository needs this bean, so the volume is taken before the repository exists. */
    @Bean
    RowFence volumeOwnership(
            DataSource dataSource, VolumeRepository volumes, LocalVolume volume, Node node, MeterRegistry registry) {
        VolumeRow mine = new VolumeRow(
                volume.id(),
                node.id(),
                node.incarnation(),
                ProcessHandle.current().pid(),
                volume.lock(),
                1,
                true);
        if (!isShared(dataSource)) {
            EmbeddedVolume.remember(volumes, mine);
            NodeMetrics.register(registry, () -> Duration.ZERO);
            return RowFence.NONE;
        }
        VolumeRow taken = new VolumeClaim(volumes, VolumeClaim.PATIENCE).take(mine);
        VolumeOwnership kept =
                VolumeOwnership.keep(volumes, volume, taken, VolumeOwnership.INTERVAL, NodeConfiguration::end);
        NodeMetrics.register(registry, kept::sinceLastBeat);
        return kept;
    }

    /** Stops in order, on a separate thread: the stop waits for the heartbeat thread, which calls this. */
    private static void end() {
        Thread.ofPlatform().name("volume-lost").start(() -> System.exit(LOST));
    }

    /** Only one process uses an H2 database, whether it is the embedded one or not. */
    private static boolean isShared(DataSource dataSource) {
        try {
            String product = JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName);
            return DatabaseDriver.fromProductName(product) == DatabaseDriver.POSTGRESQL;
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not say what it is", e);
        }
    }
}
