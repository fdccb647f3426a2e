package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.directory.RootMarkers;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.settings.DestinationProperties;
import dev.narwhal.destination.settings.NamedDestinationsProperties;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.staging.StagingProperties;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.staging.SyncMode;
import dev.narwhal.upload.UploadRepository;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires deliveries: the task, and the ports through which the other packages use it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryProperties.class)
@Import({DeliverySchedulingConfiguration.class, TakenDeliveriesConfiguration.class})
public class DeliveryConfiguration {

    private static final Logger log = LoggerFactory.getLogger(DeliveryConfiguration.class);

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
        Map<String, DeliveryTarget> targets = targets(main, named, delivery);
        if (delivery.onConflict() == OnConflict.FAIL) {
            targets.forEach(DeliveryConfiguration::warnOfCollisions);
        }
        return new DeliveryJobs(destinations, targets, delivery.rules(), delivery.onConflict());
    }

    private static void warnOfCollisions(String destination, DeliveryTarget target) {
        if (!target.template().isUnique()) {
            log.warn(
                    "delivery.keys-may-collide destination={} key-template='{}' has no {id}, and"
                            + " narwhal.delivery.on-conflict is fail: the second file of a name is not delivered",
                    destination,
                    target.template());
        }
    }

    /**
     * Refuses settings that are valid one by one but do not fit together.
     *
     * @throws IllegalArgumentException with a sentence: a placeholder is unknown, or a rule names an unknown destination
     */
    public static void requireSound(
            DestinationProperties main, NamedDestinationsProperties named, DeliveryProperties delivery) {
        var unused = targets(main, named, delivery);
    }

    /** Runs before any bean exists, and so before the database is created or migrated. */
    @Bean
    static BeanFactoryPostProcessor soundDeliverySettings(Environment environment) {
        Binder binder = Binder.get(environment);
        return beans -> requireSound(
                binder.bindOrCreate("narwhal.destination", DestinationProperties.class),
                binder.bindOrCreate("narwhal", NamedDestinationsProperties.class),
                binder.bindOrCreate("narwhal.delivery", DeliveryProperties.class));
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
        return new DeliverySettings(
                properties,
                staging.keepAfterDelivery(),
                Backoff.ofDeliveries(new SecureRandom()),
                staging.sync() == SyncMode.ACK);
    }

    @Bean
    DestinationStates destinationStates(Destinations destinations, Clock clock) {
        return new DestinationStates(destinations, Backoff.ofProbes(new SecureRandom()), clock);
    }

    @Bean
    DeliveryBacklog deliveryBacklog(JdbcClient jdbc, Destinations destinations, Clock clock) {
        return new DeliveryBacklog(jdbc, destinations.names(), clock, System::nanoTime);
    }

    @Bean
    DestinationHealth destinationsHealthIndicator(DestinationStates states, DeliveryBacklog backlog) {
        return new DestinationHealth(states, backlog::failed);
    }

    @Bean
    @Lazy
    DestinationControl destinationControl(
            DestinationStates states, DeliveryBacklog backlog, DeliverySchedule schedule) {
        return new DestinationControl(states, backlog, schedule);
    }

    @Bean
    DeliveryMetrics deliveryMetrics(
            MeterRegistry registry, DeliveryBacklog backlog, DestinationStates states, PartBudget parts) {
        return new DeliveryMetrics(registry, backlog, states, parts);
    }

    @Bean
    DeliveryFailures deliveryFailures(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            DestinationStates states,
            DeliverySchedule schedule,
            RunningDeliveries running,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        return new DeliveryFailures(uploads, deliveries, states, schedule, running, settings, metrics, clock);
    }

    @Bean
    DeliveryDigests deliveryDigests(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            RunningDeliveries running,
            DeliverySchedule schedule,
            DeliveryProperties properties) {
        return new DeliveryDigests(
                deliveries, new StagedUploads(staging, uploads), running, schedule, properties.digest());
    }

    @Bean
    DeliveryAttempts deliveryAttempts(
            DeliveryRepository deliveries,
            StagingStore staging,
            Destinations destinations,
            DestinationStates states,
            DeliverySchedule schedule,
            RunningDeliveries running,
            DeliveryFailures failures,
            DeliverySettings settings,
            Clock clock) {
        return new DeliveryAttempts(
                deliveries,
                staging,
                destinations,
                states,
                schedule,
                running,
                new TransferSlots(settings.delivery().concurrency()),
                failures,
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
            DeliveryFailures failures,
            DeliveryDigests digests,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        return new DeliveryTask(
                uploads,
                deliveries,
                staging,
                destinations,
                jobs,
                attempts,
                failures,
                digests,
                settings,
                metrics,
                clock);
    }

    @Bean
    ScheduledDeliveries scheduledDeliveries(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            RunningDeliveries running,
            DeliverySchedule schedule,
            TakenDeliveries taken,
            Destinations destinations,
            StagingStore staging,
            DeliveryProperties properties,
            RowCommitter committer,
            Clock clock) {
        LinkedObjects links = new LinkedObjects(destinations, new StagedUploads(staging, uploads), uploads);
        return new ScheduledDeliveries(
                uploads, deliveries, jobs, running, SendAhead.of(properties), schedule, taken, links, committer, clock);
    }

    @Bean
    DeliveriesEndpoint deliveriesEndpoint(JdbcClient jdbc, ScheduledDeliveries scheduled) {
        return new DeliveriesEndpoint(new OpenDeliveries(jdbc), scheduled);
    }
}
