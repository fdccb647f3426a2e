package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.actuator.DbSchedulerHealthIndicator;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.destination.Destinations;
import dev.narwhal.node.Node;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the scheduler of the process and the tasks of deliveries. */
@Configuration(proxyBeanMethods = false)
class DeliverySchedulingConfiguration {

    /** The pause after a failure that could not be recorded because the database was unreachable. */
    private static final Duration UNRECORDED_FAILURE = Duration.ofSeconds(5);

    /** Not by the library's own configuration, for which Spring would generate a class at each start. */
    @Bean
    DbSchedulerHealthIndicator dbSchedulerHealthIndicator(Scheduler scheduler) {
        return new DbSchedulerHealthIndicator(scheduler);
    }

    @Bean
    DeliverySchedule deliverySchedule(
            StagingStore staging, ObjectProvider<Scheduler> scheduler, JdbcClient jdbc, Clock clock) {
        return new DeliverySchedule(staging.volume(), scheduler::getObject, jdbc, clock);
    }

    @Bean
    CustomTask<Void> scheduledDelivery(DeliveryTask delivery, DeliverySchedule schedule, StagingStore staging) {
        return task(delivery, schedule, staging.volume());
    }

    static CustomTask<Void> task(DeliveryTask delivery, DeliverySchedule schedule, String volume) {
        return Tasks.custom(DeliverySchedule.taskName(volume), Void.class)
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(UNRECORDED_FAILURE))
                .execute((instance, context) -> execute(new UploadId(instance.getId()), delivery, schedule));
    }

    private static CompletionHandler<Void> execute(UploadId id, DeliveryTask delivery, DeliverySchedule schedule) {
        schedule.taskStarted(id);
        Optional<Instant> next = delivery.run(id);
        return (complete, operations) -> {
            if (next.isPresent()) {
                operations.reschedule(complete, next.get());
            } else {
                operations.remove();
            }
            // Also after a removal: a caller that requested another run meanwhile has found the task, and so has not
            // created one.
            schedule.taskEnded(id);
        };
    }

    /** Runs the tasks of all features: a process has one scheduler. */
    @Bean(destroyMethod = "")
    Scheduler scheduler(
            DataSource dataSource,
            List<CustomTask<?>> tasks,
            Node node,
            Destinations destinations,
            DeliveryProperties properties,
            Clock clock) {
        return DeliveryScheduler.scheduler(
                dataSource, tasks, node.name(), threads(properties), destinations::close, clock);
    }

    /**
     * As many threads for small files as for large ones, so that large files never block small ones; and some threads for
     * digests and for other features' tasks.
     */
    private static int threads(DeliveryProperties properties) {
        return 2 * properties.concurrency() + DeliveryDigests.SLOTS + 1;
    }

    @Bean
    DeliveryScheduler deliveryScheduler(
            Scheduler scheduler,
            StagingStore staging,
            JdbcClient jdbc,
            RowCommitter committer,
            RunningDeliveries running,
            LostTasks lost,
            DeliveryUpkeep upkeep) {
        return DeliveryScheduler.of(scheduler, staging.volume(), jdbc, committer, running, lost, upkeep);
    }

    @Bean
    LostTasks lostTasks(
            ScheduledDeliveries deliveries,
            TakenRows rows,
            Destinations destinations,
            JdbcClient jdbc,
            RowCommitter committer,
            StagingStore staging,
            Clock clock) {
        return new LostTasks(deliveries, rows, destinations.names(), jdbc, committer, staging.volume(), clock);
    }

    @Bean
    CustomTask<Void> scheduledLostTasks(LostTasks lost) {
        return lost.task();
    }

    @Bean
    DeliveriesStop deliveriesStop(Scheduler scheduler, RunningDeliveries running) {
        return new DeliveriesStop(scheduler, running);
    }
}
