package dev.narwhal.access.limits;

import dev.narwhal.access.Limits;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The allowances of owners or of keys in use. Those that have not been used for a minute are full again, so the table forgets
 * them when it grows large.
 */
final class Allowances {

    static final int MOST = 20_000;
    static final Duration IDLE = Duration.ofMinutes(1);

    private final Map<String, Allowance> all = new ConcurrentHashMap<>();
    private final Scope scope;
    private final TimeMeter time;

    Allowances(Scope scope, TimeMeter time) {
        this.scope = scope;
        this.time = time;
    }

    /** The allowance of that name; a new one, as empty as the one before, when its limits have changed. */
    Allowance of(String name, Limits limits) {
        Allowance known = all.get(name);
        if (known == null || !known.limits().equals(limits)) {
            makeRoom();
            known = all.merge(
                    name,
                    new Allowance(scope, limits, time),
                    (old, fresh) -> old.limits().equals(limits) ? old : fresh.after(old));
        }
        known.touch();
        return known;
    }

    /** The limits that the name was used with last; null when it has not been used for a while. */
    @Nullable
    Limits limitsOf(String name) {
        Allowance known = all.get(name);
        return known == null ? null : known.limits();
    }

    private void makeRoom() {
        if (all.size() >= MOST) {
            all.values().removeIf(one -> one.isIdleFor(IDLE));
        }
        if (all.size() >= MOST) {
            // All of them within a minute: rates begin anew, which is better than memory without bounds.
            all.clear();
        }
    }

    int size() {
        return all.size();
    }
}
