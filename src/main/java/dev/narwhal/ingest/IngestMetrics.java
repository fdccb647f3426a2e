package dev.narwhal.ingest;

import dev.narwhal.upload.UploadKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The metrics of receiving; {@code docs/metrics.md} says what each meter means. The constructor makes all meters, so
 * that receiving bytes looks up no name and reads no clock.
 */
public final class IngestMetrics {

    private final Map<UploadKind, Counter> created;
    private final Map<UploadKind, Counter> finished;
    private final Map<UploadKind, Counter> terminated;
    private final Map<UploadKind, Counter> expired;
    private final LongAdder received = new LongAdder();
    private final Timer bodies;
    private final Timer firstByte;
    private final Map<BodyLoss, Counter> broken;
    private final Map<BodyLoss, Counter> lost;

    public IngestMetrics(MeterRegistry registry) {
        created = byKind(registry, "started", "Uploads that were created");
        finished = byKind(registry, "finished", "Uploads whose last byte has come");
        terminated = byKind(registry, "terminated", "Uploads that their clients ended");
        expired = byKind(registry, "expired", "Uploads that nobody went on with in time");
        FunctionCounter.builder("narwhal.bodies.received", received, LongAdder::sum)
                .description("Bytes of bodies that have come in, recorded or not")
                .baseUnit("bytes")
                .register(registry);
        bodies = timer(registry, "narwhal.bodies.duration", "From the beginning of a body to its record in the row");
        firstByte = timer(registry, "narwhal.bodies.first.byte", "From the beginning of a body to its first byte");
        broken = byLoss(loss -> Counter.builder("narwhal.bodies.broken")
                .description("Bodies that were not received to their end and acknowledged")
                .tag("reason", loss.label())
                .register(registry));
        lost = byLoss(loss -> Counter.builder("narwhal.bodies.lost")
                .description("Bytes that were received and not recorded: they have to be sent again")
                .baseUnit("bytes")
                .tag("reason", loss.label())
                .register(registry));
    }

    private static Map<UploadKind, Counter> byKind(MeterRegistry registry, String event, String description) {
        Map<UploadKind, Counter> counters = new EnumMap<>(UploadKind.class);
        for (UploadKind kind : UploadKind.values()) {
            counters.put(
                    kind,
                    Counter.builder("narwhal.uploads." + event)
                            .description(description)
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        return counters;
    }

    private static Map<BodyLoss, Counter> byLoss(Function<BodyLoss, Counter> counter) {
        Map<BodyLoss, Counter> counters = new EnumMap<>(BodyLoss.class);
        for (BodyLoss loss : BodyLoss.values()) {
            counters.put(loss, counter.apply(loss));
        }
        return counters;
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1))
                .register(registry);
    }

    void created(UploadKind kind) {
        of(created, kind).increment();
    }

    void finished(UploadKind kind) {
        of(finished, kind).increment();
    }

    void terminated(UploadKind kind) {
        of(terminated, kind).increment();
    }

    void expired(UploadKind kind) {
        of(expired, kind).increment();
    }

    /** Begins to measure one body. Only the thread that reads the body may use the meter. */
    BodyMeter begin() {
        return new BodyMeter(this, System.nanoTime());
    }

    void received(int bytes) {
        received.add(bytes);
    }

    void firstByteAfter(long nanos) {
        firstByte.record(Duration.ofNanos(nanos));
    }

    void acknowledged(long nanos) {
        bodies.record(Duration.ofNanos(nanos));
    }

    void broken(BodyLoss loss, long bytes) {
        of(broken, loss).increment();
        of(lost, loss).increment(bytes);
    }

    /** Each constant of the enum has a counter. */
    private static <K extends Enum<K>> Counter of(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("No counter for " + key);
        }
        return counter;
    }
}
