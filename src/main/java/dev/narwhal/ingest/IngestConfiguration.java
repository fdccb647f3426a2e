package dev.narwhal.ingest;

import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import dev.narwhal.access.Authenticator;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.history.HistoryRows;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.SeenDatabase;
import dev.narwhal.staging.StagedFiles;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DatabaseAgeRepository;
import dev.narwhal.upload.DeliveryVeto;
import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.InventoryRepository;
import dev.narwhal.upload.RetentionProperties;
import dev.narwhal.upload.RetentionRepository;
import dev.narwhal.upload.RowFence;
import dev.narwhal.upload.UploadProperties;
import dev.narwhal.upload.UploadRepository;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CleanupProperties.class)
public class IngestConfiguration {

    @Bean
    IngestMetrics ingestMetrics(MeterRegistry registry) {
        return new IngestMetrics(registry);
    }

    @Bean
    RunningBodies runningBodies(MeterRegistry registry) {
        return new RunningBodies(registry);
    }

    /** Where access is open nothing can be revoked. */
    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnProperty(name = "narwhal.access.mode", havingValue = "closed")
    RevokedBodies revokedBodies(RunningBodies bodies, Authenticator authenticator) {
        return new RevokedBodies(bodies, authenticator);
    }

    @Bean
    CreationKeys creationKeys(
            JdbcClient jdbc, RowCommitter committer, ObjectProvider<UploadRepository> uploads, Clock clock) {
        return new CreationKeys(jdbc, committer, uploads::getObject, clock);
    }

    @Bean
    UploadCreator uploadCreator(UploadRepository uploads, StagingStore staging, IngestMetrics metrics, Clock clock) {
        return new UploadCreator(uploads, staging, metrics, clock);
    }

    @Bean
    UploadExpiry uploadExpiry(
            UploadRepository uploads,
            ExpiryRepository expiries,
            StagingStore staging,
            UploadLeases leases,
            Clock clock) {
        return new UploadExpiry(uploads, expiries, staging, leases, clock);
    }

    @Bean
    UploadConcatenator uploadConcatenator(
            UploadRepository uploads,
            StagingStore staging,
            UploadExpiry expiry,
            UploadProperties properties,
            IngestMetrics metrics,
            Clock clock) {
        return new UploadConcatenator(uploads, staging, expiry, properties.largestUpload(), metrics, clock);
    }

    @Bean
    ChunkAppender chunkAppender(
            UploadRepository uploads,
            StagingStore staging,
            UploadLeases leases,
            UploadExpiry expiry,
            RunningBodies bodies,
            IngestMetrics metrics,
            UploadProperties properties) {
        MinimumRate rate = MinimumRate.of(properties.minimumRate().toBytes(), properties.bodyTimeout());
        return new ChunkAppender(uploads, staging, leases, expiry, bodies, metrics, rate);
    }

    @Bean
    UploadLookup uploadLookup(UploadExpiry expiry, UploadLeases leases, StagingStore staging) {
        return new UploadLookup(expiry, leases, staging);
    }

    @Bean
    UploadTerminator uploadTerminator(
            UploadRepository uploads,
            StagingStore staging,
            UploadLeases leases,
            DeliveryVeto deliveries,
            HistoryRows history,
            IngestMetrics metrics,
            Clock clock) {
        return new UploadTerminator(uploads, staging, leases, deliveries, history, metrics, clock);
    }

    @Bean
    ExpirySweep expirySweep(
            UploadRepository uploads,
            ExpiryRepository expiries,
            UploadExpiry expiry,
            StagingStore staging,
            UploadLeases leases,
            DeliveryVeto deliveries,
            Retention retention,
            UploadProperties properties,
            IngestMetrics metrics,
            Clock clock) {
        return new ExpirySweep(
                uploads,
                expiries,
                expiry,
                staging,
                leases,
                deliveries,
                retention,
                retryAfter(properties),
                metrics,
                clock);
    }

    @Bean
    Retention retention(
            RetentionRepository rows,
            ExpiryRepository expiries,
            RetentionProperties cleanup,
            UploadProperties properties) {
        return new Retention(rows, expiries, cleanup.keepTombstones(), cleanup.keepDelivered(), retryAfter(properties));
    }

    /**
     * When to check an upload again that is over but still in use: after an hour or the expiry time, whichever is
     * shorter, but not before one sweep interval.
     */
    private static Duration retryAfter(UploadProperties properties) {
        Duration atMost = Duration.ofHours(1);
        Duration wanted = properties.isExpiring() && properties.expireAfter().compareTo(atMost) < 0
                ? properties.expireAfter()
                : atMost;
        return wanted.compareTo(properties.sweepInterval()) < 0 ? properties.sweepInterval() : wanted;
    }

    @Bean
    CustomTask<Void> scheduledSweep(ExpirySweep sweep, StagingStore staging, UploadProperties properties, Clock clock) {
        return SweepTask.of(sweep, staging.volume(), properties.sweepInterval(), clock);
    }

    @Bean
    OrphanFiles orphanFiles(
            StagedFiles files,
            StagingStore staging,
            InventoryRepository inventory,
            UploadRepository uploads,
            UploadLeases leases) {
        return new OrphanFiles(files, staging, inventory, uploads, leases);
    }

    @Bean
    CustomTask<Void> scheduledOrphanSweep(
            OrphanFiles orphans,
            StagedFiles files,
            StagingStore staging,
            InventoryRepository inventory,
            UploadRepository uploads,
            CleanupProperties settings,
            Clock clock) {
        DamageSearch damage = new DamageSearch(files, staging.volume(), inventory, uploads);
        return OrphanTask.of(
                new OrphanSweep(orphans, settings, clock), damage, staging.volume(), settings.orphanInterval(), clock);
    }

    /** @param fence this process owns the volume once there is one */
    @Bean
    DatabaseAge databaseAge(
            StagingStore staging, DatabaseAgeRepository ages, SeenDatabase seen, RowFence fence, Clock clock)
            throws IOException {
        return DatabaseAge.atStart(staging.volume(), ages, seen, clock, DatabaseAge.Later::onVirtualThread);
    }

    @Bean
    CutCreationsTask cutCreations(OrphanFiles orphans, DatabaseAge age, CleanupProperties settings, Clock clock) {
        return new CutCreationsTask(new CutCreations(orphans, age::completeSince, clock.instant()), settings.orphans());
    }

    @Bean
    RecoveryReport recoveryReport(InventoryRepository inventory, StagedFiles files, StagingStore staging, Clock clock) {
        return new RecoveryReport(inventory, files, staging.volume(), clock);
    }
}
