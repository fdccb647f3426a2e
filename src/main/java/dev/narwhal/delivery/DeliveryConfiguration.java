package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationProperties;
import dev.narwhal.destination.PartBudget;
import dev.narwhal.staging.StagingProperties;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.RowCommitter;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires deliveries: the task, its scheduler, and the ports by which the rest of the server knows of them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryProperties.class)
public class DeliveryConfiguration {

    /** After an error that nothing could be recorded of: the database is away. */
    private static final Duration UNRECORDED_FAILURE = Duration.ofSeconds(5);

    @Bean
    PartBudget partBudget(DeliveryProperties properties) {
        return new PartBudget(properties.partsInFlight());
    }

    @Bean
    RunningDeliveries runningDeliveries() {
        return new RunningDeliveries();
    }

    @Bean
    DeliveryRepository deliveryRepository(
            JdbcClient jdbc, RowCommitter committer, UploadRepository uploads, Clock clock) {
        return new DeliveryRepository(jdbc, committer, uploads, clock);
    }

    @Bean
    DeliveryJobs deliveryJobs(DestinationProperties destination, DeliveryProperties delivery) {
        return new DeliveryJobs(
                new KeyTemplate(destination.keyTemplate()), destination.metadataKeys(), delivery.onConflict());
    }

    @Bean
    DeliveryTask deliveryTask(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            Destination destination,
            DeliveryJobs jobs,
            RunningDeliveries running,
            DeliveryProperties properties,
            StagingProperties stagingProperties,
            Clock clock) {
        DeliverySettings settings = new DeliverySettings(
                properties, stagingProperties.keepAfterDelivery(), new Backoff(new SecureRandom()));
        return new DeliveryTask(uploads, deliveries, staging, destination, jobs, running, settings, clock);
    }

    @Bean
    CustomTask<Void> scheduledDelivery(DeliveryTask delivery, StagingStore staging) {
        return task(delivery, staging.volume());
    }

    static CustomTask<Void> task(DeliveryTask delivery, String volume) {
        return Tasks.custom(taskName(volume), Void.class)
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(UNRECORDED_FAILURE))
                .execute((instance, context) -> completion(delivery.run(new UploadId(instance.getId()))));
    }

    private static CompletionHandler<Void> completion(Optional<Instant> next) {
        return next.<CompletionHandler<Void>>map(
                        time -> (complete, operations) -> operations.reschedule(complete, time))
                .orElseGet(CompletionHandler.OnCompleteRemove::new);
    }

    /** With the volume's id: another process, which cannot read these bytes, does not know the task. */
    static String taskName(String volume) {
        return "delivery-" + volume;
    }

    /** Runs the tasks of all features: there is one scheduler in a process. */
    @Bean(destroyMethod = "")
    Scheduler scheduler(
            DataSource dataSource,
            List<CustomTask<?>> tasks,
            StagingStore staging,
            Destination destination,
            DeliveryProperties properties,
            Clock clock) {
        return DeliveryScheduler.scheduler(
                dataSource, tasks, staging.volume(), properties.concurrency(), destination::close, clock);
    }

    @Bean
    DeliveryScheduler deliveryScheduler(
            Scheduler scheduler,
            StagingStore staging,
            JdbcClient jdbc,
            RowCommitter committer,
            RunningDeliveries running) {
        return DeliveryScheduler.of(scheduler, staging.volume(), jdbc, committer, running);
    }

    @Bean
    ScheduledDeliveries scheduledDeliveries(
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            RunningDeliveries running,
            Scheduler scheduler,
            StagingStore staging,
            RowCommitter committer,
            Clock clock) {
        return new ScheduledDeliveries(
                deliveries, jobs, running, scheduler, taskName(staging.volume()), committer, clock);
    }
}
