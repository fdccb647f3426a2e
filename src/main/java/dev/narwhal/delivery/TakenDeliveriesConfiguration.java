package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.destination.Destinations;
import dev.narwhal.node.Node;
import dev.narwhal.staging.StagedFiles;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.UploadRepository;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the deliveries that this process takes without the scheduler. */
@Configuration(proxyBeanMethods = false)
class TakenDeliveriesConfiguration {

    @Bean
    TakenRows takenRows(
            JdbcClient jdbc,
            RowCommitter committer,
            UploadRepository uploads,
            DeliveryRepository deliveries,
            Node node,
            Clock clock) {
        return new TakenRows(jdbc, committer, uploads, deliveries, node.incarnation(), clock);
    }

    @Bean
    DeliveryHandback deliveryHandback(TakenRows rows, DeliverySchedule schedule, RowCommitter committer, Clock clock) {
        return new DeliveryHandback(rows, schedule, committer, clock);
    }

    @Bean
    BatchDelivery batchDelivery(
            TakenRows rows,
            StagingStore staging,
            Destinations destinations,
            DestinationStates states,
            DeliveryJobs jobs,
            DeliveryAttempts attempts,
            DeliveryDigests digests,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            DeliveryHandback handback,
            Clock clock) {
        return new BatchDelivery(
                rows, staging, destinations, states, jobs, attempts, digests, settings, metrics, handback, clock);
    }

    @Bean
    TakenDeliveries takenDeliveries(
            TakenRows rows,
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            DeliveryDigests digests,
            RunningDeliveries running,
            DeliveryHandback handback,
            BatchDelivery batches,
            Destinations destinations,
            StagingStore staging,
            DeliveryProperties properties) {
        return new TakenDeliveries(
                rows,
                deliveries,
                jobs,
                digests,
                running,
                handback,
                batches,
                destinations,
                staging.volume(),
                properties.concurrency(),
                TakenDeliveries.MOST);
    }

    @Bean(destroyMethod = "")
    DeliveryUpkeep deliveryUpkeep(
            TakenDeliveries taken,
            DeliveryHandback handback,
            LostTasks lost,
            StagedFiles files,
            StagingStore staging,
            JdbcClient jdbc,
            RowCommitter committer,
            DeliverySchedule schedule,
            RunningDeliveries running,
            Clock clock) {
        LeftBytes bytes = new LeftBytes(files, staging.volume(), jdbc, committer, schedule, clock);
        return new DeliveryUpkeep(taken, handback, lost, bytes, running);
    }
}
