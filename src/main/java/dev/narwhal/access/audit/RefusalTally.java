package dev.narwhal.access.audit;

import dev.narwhal.access.Audit.Actor;
import dev.narwhal.access.audit.AuditEntry.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts equal refusals. Holds a bounded number of kinds; what comes beyond them is counted by its result alone. */
final class RefusalTally {

    static final int MOST = 200;

    /** Who refusals are counted for when there are too many kinds of them. */
    static final Actor OTHERS = new Actor("", null, "others");

    private final Map<Refusal, Count> counts = new LinkedHashMap<>();

    private record Refusal(Actor actor, String action, String result) {}

    private record Count(Instant first, Instant last, long times) {

        Count more(Instant now) {
            return new Count(first, now, times + 1);
        }
    }

    synchronized void add(Actor actor, String action, String result, Instant now) {
        Refusal wanted = new Refusal(actor, action, result);
        boolean fits = counts.size() < MOST || counts.containsKey(wanted);
        Refusal refusal = fits ? wanted : new Refusal(OTHERS, "", result);
        counts.merge(refusal, new Count(now, now, 1), (known, one) -> known.more(now));
    }

    /** What was counted since the last call. */
    synchronized List<AuditEntry> take() {
        List<AuditEntry> entries = new ArrayList<>();
        counts.forEach((refusal, count) -> entries.add(new AuditEntry(
                Kind.REFUSAL,
                count.first(),
                count.last(),
                refusal.actor(),
                refusal.action(),
                "",
                refusal.result(),
                count.times())));
        counts.clear();
        return entries;
    }
}
