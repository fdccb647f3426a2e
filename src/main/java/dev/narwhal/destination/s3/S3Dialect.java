package dev.narwhal.destination.s3;

import dev.narwhal.destination.s3.S3Multipart.Checksums;
import dev.narwhal.destination.s3.S3Properties.ConditionalWrites;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The optional features of S3 that this store supports: checksums, and {@code If-None-Match}. The destination first uses the
 * best that the settings allow. When the store refuses a feature, and a request without it succeeds, the destination does not
 * use the feature again in this process.
 */
final class S3Dialect {

    private static final Logger log = LoggerFactory.getLogger(S3Dialect.class);

    private final String bucket;
    private final boolean mayDoWithout;
    private volatile Checksums best;
    private volatile boolean conditional;

    S3Dialect(String bucket, S3Properties settings) {
        this.bucket = bucket;
        this.mayDoWithout = settings.conditionalWrites() != ConditionalWrites.ON;
        this.best = settings.checksums().first();
        this.conditional = settings.conditionalWrites() != ConditionalWrites.OFF;
    }

    Checksums best() {
        return best;
    }

    /** False when writes carry no {@code If-None-Match}, so that the store replaces an object that has the key. */
    boolean isConditional() {
        return conditional;
    }

    /** True when the error may concern {@code If-None-Match}, and the settings allow writes without it. */
    boolean refusesCondition(SdkException error) {
        return mayDoWithout && S3Failures.isNotImplemented(error);
    }

    /** The store has accepted {@code to}, and refused all better checksums. */
    void degrade(Checksums to) {
        if (to.compareTo(best) > 0) {
            best = to;
            log.info("delivery.checksums bucket={} the store refuses better checksums than {}", bucket, to);
        }
    }

    /** The store has refused a write with {@code If-None-Match}, and accepted it without. */
    void conditionRefused() {
        if (conditional) {
            conditional = false;
            log.warn(
                    "delivery.unconditional bucket={} the store refuses If-None-Match: keys are only looked up before an"
                            + " object is written",
                    bucket);
        }
    }
}
