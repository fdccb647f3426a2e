package dev.narwhal.api.statistics;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.http.HttpError;
import dev.narwhal.statistics.Span;
import dev.narwhal.statistics.Sums;
import dev.narwhal.statistics.SumsRows;
import dev.narwhal.upload.Sight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/statistics}. */
@RestController
public final class StatisticsController {

    private static final Duration LONGEST_BY_DAY = Duration.ofDays(3_660);
    private static final Duration USUAL_BY_HOUR = Duration.ofHours(24);
    private static final Duration USUAL_BY_DAY = Duration.ofDays(30);

    private final SumsRows sums;
    private final Clock clock;

    StatisticsController(SumsRows sums, Clock clock) {
        this.sums = sums;
        this.clock = clock;
    }

    /**
     * How uploads have gone, by hours or days in UTC: of all owners for operators, and of the caller's own for everybody else.
     *
     * @param from in the first hour or day; by default a day or 30 days before the end
     * @param to after the last hour or day; by default now
     * @param by hour or day; hours are kept for 90 days
     * @param owner whose uploads; by default all that the caller may see
     */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping("/api/v1/statistics")
    public StatisticsReport statistics(
            Caller caller,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(defaultValue = "day") Span by,
            @RequestParam(required = false) @Nullable String owner) {
        Instant end = endOf(by, to == null ? clock.instant() : to);
        Instant start = by.startOf(from == null ? end.minus(by == Span.HOUR ? USUAL_BY_HOUR : USUAL_BY_DAY) : from);
        requireLength(by, start, end);
        String whose = visible(caller, owner);
        List<Sums> items = sums.read(by, whose, start, end);
        return new StatisticsReport(by, start, end, whose, sums.countedUntil().orElse(null), items);
    }

    private static Instant endOf(Span by, Instant time) {
        Instant start = by.startOf(time);
        return start.equals(time) ? start : start.plus(by.length());
    }

    private static void requireLength(Span by, Instant from, Instant to) {
        Duration longest = by == Span.HOUR ? Span.HOURS_KEPT.plus(Span.DAY.length()) : LONGEST_BY_DAY;
        Duration length = Duration.between(from, to);
        if (length.isNegative() || length.compareTo(longest) > 0) {
            throw new ApiProblem(
                    ApiError.INVALID_PARAMETER,
                    "The times from and to must follow each other by at most " + longest.toDays() + " days.");
        }
    }

    private static @Nullable String visible(Caller caller, @Nullable String wanted) {
        if (caller.has(Role.OPERATE)) {
            return wanted;
        }
        boolean ownersAll = caller.sight().kind() == Sight.Kind.OWNER;
        if (!ownersAll || wanted != null && !wanted.equals(caller.owner())) {
            throw new ApiProblem(
                    HttpError.SCOPE_MISSING, "These credentials show the statistics of their own owner alone.");
        }
        return caller.owner();
    }
}
