package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.directory.RootMarkers;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.settings.DestinationProperties;
import dev.narwhal.destination.settings.NamedDestinationsProperties;
import dev.narwhal.staging.StagingProperties;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.RowCommitter;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
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
    RootMarkers rootMarkers(JdbcClient jdbc, StagingStore staging) {
        return new RootMarkers(jdbc, staging.volume());
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
    DeliveryJobs deliveryJobs(
            Destinations destinations,
            DestinationProperties main,
            NamedDestinationsProperties named,
            DeliveryProperties delivery) {
        return new DeliveryJobs(destinations, targets(main, named, delivery), delivery.rules(), delivery.onConflict());
    }

    /**
     * What a start refuses of settings that are right one by one.
     *
     * @throws IllegalArgumentException with a sentence: a placeholder or a rule's destination that does not exist
     */
    public static void requireSound(
            DestinationProperties main, NamedDestinationsProperties named, DeliveryProperties delivery) {
        var unused = targets(main, named, delivery);
    }

    private static Map<String, DeliveryTarget> targets(
            DestinationProperties main, NamedDestinationsProperties named, DeliveryProperties delivery) {
        Map<String, DeliveryTarget> targets = new HashMap<>();
        targets.put(Destinations.DEFAULT, target("narwhal.destination", main));
        named.destinations()
                .forEach((name, settings) -> targets.put(name, target("narwhal.destinations." + name, settings)));
        delivery.rules().forEach(rule -> requireKnown(rule, targets));
        return targets;
    }

    private static DeliveryTarget target(String prefix, DestinationProperties settings) {
        return new DeliveryTarget(
                new KeyTemplate(prefix + ".key-template", settings.keyTemplate()), settings.metadataKeys());
    }

    private static void requireKnown(DeliveryRule rule, Map<String, DeliveryTarget> targets) {
        if (!targets.containsKey(rule.destination())) {
            throw new IllegalArgumentException("narwhal.delivery.rules sends uploads to '" + rule.destination()
                    + "', but the destinations are " + String.join(", ", new TreeSet<>(targets.keySet())));
        }
    }

    @Bean
    DeliverySettings deliverySettings(DeliveryProperties properties, StagingProperties staging) {
        return new DeliverySettings(properties, staging.keepAfterDelivery(), Backoff.ofDeliveries(new SecureRandom()));
    }

    @Bean
    DestinationStates destinationStates(Destinations destinations, Clock clock) {
        return new DestinationStates(destinations, Backoff.ofProbes(new SecureRandom()), clock);
    }

    @Bean
    DestinationHealth destinationsHealthIndicator(DestinationStates states) {
        return new DestinationHealth(states);
    }

    @Bean
    DeliverySchedule deliverySchedule(
            StagingStore staging, ObjectProvider<Scheduler> scheduler, JdbcClient jdbc, Clock clock) {
        return new DeliverySchedule(staging.volume(), scheduler::getObject, jdbc, clock);
    }

    @Bean
    DeliveryMetrics deliveryMetrics(
            MeterRegistry registry,
            JdbcClient jdbc,
            Destinations destinations,
            DestinationStates states,
            PartBudget parts,
            Clock clock) {
        DeliveryBacklog backlog = new DeliveryBacklog(jdbc, destinations.names(), clock, System::nanoTime);
        return new DeliveryMetrics(registry, backlog, states, parts);
    }

    @Bean
    DeliveryAttempts deliveryAttempts(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            Destinations destinations,
            DestinationStates states,
            DeliverySchedule schedule,
            RunningDeliveries running,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        return new DeliveryAttempts(
                uploads,
                deliveries,
                staging,
                destinations,
                states,
                schedule,
                running,
                new LargeTurns(settings.delivery().concurrency()),
                settings,
                metrics,
                clock);
    }

    @Bean
    DeliveryTask deliveryTask(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            Destinations destinations,
            DeliveryJobs jobs,
            DeliveryAttempts attempts,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        return new DeliveryTask(uploads, deliveries, staging, destinations, jobs, attempts, settings, metrics, clock);
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
        schedule.begun(id);
        Optional<Instant> next = delivery.run(id);
        return (complete, operations) -> {
            if (next.isPresent()) {
                operations.reschedule(complete, next.get());
                schedule.ended(id);
            } else {
                operations.remove();
            }
        };
    }

    /** Runs the tasks of all features: there is one scheduler in a process. */
    @Bean(destroyMethod = "")
    Scheduler scheduler(
            DataSource dataSource,
            List<CustomTask<?>> tasks,
            StagingStore staging,
            Destinations destinations,
            DeliveryProperties properties,
            Clock clock) {
        return DeliveryScheduler.scheduler(
                dataSource, tasks, staging.volume(), threads(properties), destinations::close, clock);
    }

    /** As many for small files as for large ones, so that these are never in their way; and one for other features' tasks. */
    private static int threads(DeliveryProperties properties) {
        return 2 * properties.concurrency() + 1;
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
    DeliveriesStop deliveriesStop(Scheduler scheduler, RunningDeliveries running) {
        return new DeliveriesStop(scheduler, running);
    }

    @Bean
    ScheduledDeliveries scheduledDeliveries(
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            RunningDeliveries running,
            DeliverySchedule schedule,
            DeliveryProperties properties,
            RowCommitter committer,
            Clock clock) {
        return new ScheduledDeliveries(deliveries, jobs, running, SendAhead.of(properties), schedule, committer, clock);
    }

    @Bean
    DeliveriesEndpoint deliveriesEndpoint(JdbcClient jdbc, ScheduledDeliveries scheduled) {
        return new DeliveriesEndpoint(new OpenDeliveries(jdbc), scheduled);
    }
}
