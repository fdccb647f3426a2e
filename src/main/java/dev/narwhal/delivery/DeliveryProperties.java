package dev.narwhal.delivery;

import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of deliveries.
 *
 * @param onConflict What happens when an object's key is taken by another's object: fail, rename, overwrite.
 * @param concurrency Deliveries at a time.
 * @param partsInFlight Parts at a time on their way to an object store, of all deliveries together.
 * @param maxAttempts Failed attempts after which a delivery is given up; unlimited when not set.
 * @param sendAhead Whether parts of large uploads are sent to the store while the client is still sending.
 * @param sendAheadFrom Bytes from which on an upload is sent ahead; it begins when that many have been received.
 * @param digest Whether the SHA-256 of each file is computed after its delivery, which reads every byte once more: none,
 *     sha-256.
 * @param rules Which uploads go to which of the narwhal.destinations; an upload that matches none goes to narwhal.destination.
 */
@ConfigurationProperties("narwhal.delivery")
public record DeliveryProperties(
        @DefaultValue("fail") OnConflict onConflict,
        @DefaultValue("4") int concurrency,
        @DefaultValue("8") int partsInFlight,
        @Nullable Integer maxAttempts,
        @DefaultValue("true") boolean sendAhead,
        @DefaultValue("64MB") DataSize sendAheadFrom,
        @DefaultValue("none") Digest digest,
        @DefaultValue List<DeliveryRule> rules) {

    /** The digest that is computed of each delivered file. */
    public enum Digest {
        NONE,
        SHA_256
    }

    private static final int MOST_THREADS = 256;

    public DeliveryProperties {
        rules = List.copyOf(rules);
        requireInRange("concurrency", concurrency);
        requireInRange("parts-in-flight", partsInFlight);
        if (sendAheadFrom.toBytes() < PartPlan.MIN_PART_SIZE) {
            throw new IllegalArgumentException(
                    "narwhal.delivery.send-ahead-from is " + sendAheadFrom + ": it must be 5MB or more");
        }
        if (maxAttempts != null && maxAttempts < 1) {
            throw new IllegalArgumentException("narwhal.delivery.max-attempts is " + maxAttempts
                    + ": it must be 1 or more, or not be set for no limit");
        }
    }

    private static void requireInRange(String property, int value) {
        if (value < 1 || value > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "narwhal.delivery." + property + " is " + value + ": it must be 1 to " + MOST_THREADS);
        }
    }

    boolean isLastAttempt(int attempts) {
        return maxAttempts != null && attempts >= maxAttempts;
    }
}
