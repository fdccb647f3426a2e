package dev.narwhal.destination.s3;

import dev.narwhal.destination.s3.S3Multipart.Checksums;
import dev.narwhal.destination.s3.S3Properties.ConditionalWrites;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What stores differ in, as far as it is known of this one: which checksums it knows, and whether it knows
 * {@code If-None-Match}. The best that the settings allow is tried first; what the store refuses is not tried again in this
 * process, once the call has worked without.
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

    /** False when the store itself does not keep a key from being taken twice. */
    boolean isConditional() {
        return conditional;
    }

    /** True when the error may be about the condition, and the settings allow to do without. */
    boolean refusesCondition(SdkException error) {
        return mayDoWithout && S3Failures.isNotImplemented(error);
    }

    void degrade(Checksums to) {
        if (to.compareTo(best) > 0) {
            best = to;
            log.info("delivery.checksums bucket={} the store refuses better checksums than {}", bucket, to);
        }
    }

    /** What failed with the condition has worked without. */
    void worksUnconditionally() {
        if (conditional) {
            conditional = false;
            log.warn(
                    "delivery.unconditional bucket={} the store refuses If-None-Match: keys are only looked up before an"
                            + " object is written",
                    bucket);
        }
    }
}
