package dev.narwhal.delivery;

import dev.narwhal.destination.parts.PartBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The meters of deliveries; {@code docs/metrics.md} describes them. Most are tagged with the destination's name. A delivery to
 * a destination that the settings no longer name is not counted.
 */
final class DeliveryMetrics {

    private final Map<String, Timer> delivered;
    private final Map<String, Counter> bytes;
    private final Map<String, Counter> retried;
    private final Map<String, Counter> postponed;
    private final Map<String, Counter> givenUp;

    DeliveryMetrics(MeterRegistry registry, DeliveryBacklog backlog, DestinationStates states, PartBudget parts) {
        Set<String> names = backlog.destinations();
        delivered = each(names, name -> duration(registry, name));
        bytes = each(
                names,
                name -> Counter.builder("narwhal.deliveries.delivered")
                        .description("Bytes of the files that were delivered")
                        .baseUnit("bytes")
                        .tag("destination", name)
                        .register(registry));
        retried = each(names, name -> retries(registry, name, "retryable"));
        postponed = each(names, name -> retries(registry, name, "destination"));
        givenUp = each(
                names,
                name -> Counter.builder("narwhal.deliveries.given.up")
                        .description("Deliveries that were given up")
                        .tag("destination", name)
                        .register(registry));
        watch(registry, backlog, states);
        Gauge.builder("narwhal.deliveries.parts", parts, PartBudget::inFlight)
                .description("Places that parts on their way to an object store take now")
                .register(registry);
    }

    private static <M> Map<String, M> each(Set<String> names, Function<String, M> meter) {
        return names.stream().collect(Collectors.toUnmodifiableMap(name -> name, meter));
    }

    private static Timer duration(MeterRegistry registry, String destination) {
        return Timer.builder("narwhal.deliveries.duration")
                .description("Of the attempts that delivered: from their beginning to the verified object")
                .tag("destination", destination)
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1))
                .register(registry);
    }

    private static Counter retries(MeterRegistry registry, String destination, String failure) {
        return Counter.builder("narwhal.deliveries.retries")
                .description("Attempts that failed and are made again")
                .tag("destination", destination)
                .tag("failure", failure)
                .register(registry);
    }

    private static void watch(MeterRegistry registry, DeliveryBacklog backlog, DestinationStates states) {
        for (String name : backlog.destinations()) {
            gauge(backlog, "pending", name, DeliveryBacklog::pending)
                    .description("Finished uploads whose delivery is neither done nor given up")
                    .register(registry);
            gauge(backlog, "failed", name, DeliveryBacklog::failed)
                    .description("Deliveries that were given up and wait for an operator")
                    .register(registry);
            gauge(backlog, "oldest", name, DeliveryBacklog::oldestSeconds)
                    .description("How long ago the last byte of the oldest pending one came")
                    .baseUnit("seconds")
                    .register(registry);
            Gauge.builder(
                            "narwhal.destination.paused",
                            states,
                            all -> all.pauseOf(name).isPresent() ? 1 : 0)
                    .description("1 while the destination takes nothing")
                    .tag("destination", name)
                    .register(registry);
        }
    }

    private static Gauge.Builder<DeliveryBacklog> gauge(
            DeliveryBacklog backlog, String what, String name, ToDoubleBiFunction<DeliveryBacklog, String> value) {
        return Gauge.builder("narwhal.deliveries." + what, backlog, all -> value.applyAsDouble(all, name))
                .strongReference(true)
                .tag("destination", name);
    }

    /** @param length bytes of the file */
    void delivered(String destination, Duration took, long length) {
        Timer timer = delivered.get(destination);
        if (timer != null) {
            timer.record(took);
        }
        increment(bytes.get(destination), length);
    }

    /** The attempt failed for a reason that may be temporary. */
    void retried(String destination) {
        increment(retried.get(destination), 1);
    }

    /** The attempt failed for a reason of the destination. */
    void postponed(String destination) {
        increment(postponed.get(destination), 1);
    }

    void gaveUp(String destination) {
        increment(givenUp.get(destination), 1);
    }

    private static void increment(@Nullable Counter counter, long by) {
        if (counter != null) {
            counter.increment(by);
        }
    }
}
