package dev.narwhal.ingest;

import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DeliveryQueue;
import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.UploadProperties;
import dev.narwhal.upload.UploadRepository;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class IngestConfiguration {

    @Bean
    IngestMetrics ingestMetrics(MeterRegistry registry) {
        return new IngestMetrics(registry);
    }

    @Bean
    RunningBodies runningBodies(MeterRegistry registry) {
        return new RunningBodies(registry);
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
            IngestMetrics metrics) {
        return new ChunkAppender(uploads, staging, leases, expiry, bodies, metrics);
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
            DeliveryQueue deliveries,
            IngestMetrics metrics) {
        return new UploadTerminator(uploads, staging, leases, deliveries, metrics);
    }

    /** The queue is looked up when it is needed: it is worked off by the scheduler that runs the sweep, too. */
    @Bean
    ExpirySweep expirySweep(
            UploadRepository uploads,
            ExpiryRepository expiries,
            UploadExpiry expiry,
            StagingStore staging,
            UploadLeases leases,
            ObjectProvider<DeliveryQueue> deliveries,
            UploadProperties properties,
            IngestMetrics metrics,
            Clock clock) {
        return new ExpirySweep(
                uploads,
                expiries,
                expiry,
                staging,
                leases,
                deliveries::getObject,
                lookAgain(properties),
                metrics,
                clock);
    }

    /** How soon to look again at what is kept by others than itself: not all the time, and not much after it is free. */
    private static Duration lookAgain(UploadProperties properties) {
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
}
