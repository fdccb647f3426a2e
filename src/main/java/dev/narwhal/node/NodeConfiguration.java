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

/** Which process this is, and its volume: taken before anything else touches the uploads' rows. */
@Configuration(proxyBeanMethods = false)
public class NodeConfiguration {

    /** As for a start that failed: a supervisor starts the process again, and it finds who has its volume. */
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

    /** Needed by the uploads' repository, so that it is there before. */
    @Bean
    RowFence volumeOwnership(
            DataSource dataSource, VolumeRepository volumes, VolumeAtHand volume, Node node, MeterRegistry registry) {
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

    /** In order, and on a thread of its own: the stop waits for the one that beats. */
    private static void end() {
        Thread.ofPlatform().name("volume-lost").start(() -> System.exit(LOST));
    }

    /** H2 is this process's own file, or is asked by one process. */
    private static boolean isShared(DataSource dataSource) {
        try {
            String product = JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName);
            return DatabaseDriver.fromProductName(product) == DatabaseDriver.POSTGRESQL;
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not say what it is", e);
        }
    }
}
