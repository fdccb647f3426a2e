package dev.narwhal.access.audit;

import dev.narwhal.access.Audit.Actor;
import java.time.Instant;
import java.util.Locale;

/**
 * @param kind whether it is an act or refusals
 * @param at of the first, where it stands for several
 * @param until of the last
 * @param subject the id of what it concerns; may be empty
 * @param result {@code done}, or the code of the failure
 * @param times how many it stands for, at least 1
 */
public record AuditEntry(
        Kind kind, Instant at, Instant until, Actor actor, String action, String subject, String result, long times) {

    /** The kinds of entries, which do not displace each other. */
    public enum Kind {
        ACT,
        REFUSAL;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
