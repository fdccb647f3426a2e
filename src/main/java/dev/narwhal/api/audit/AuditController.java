package dev.narwhal.api.audit;

import dev.narwhal.access.Role;
import dev.narwhal.access.audit.AuditEntry;
import dev.narwhal.access.audit.AuditRepository;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Cursor;
import dev.narwhal.api.Needs;
import dev.narwhal.api.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/audit}: who has done what to the server, and what was refused. */
@RestController
class AuditController {

    private static final int LARGEST = 200;
    private static final String LIST = "audit";

    private final AuditRepository audit;

    AuditController(AuditRepository audit) {
        this.audit = audit;
    }

    /**
     * @param at of the first, where the entry stands for several
     * @param until of the last
     * @param times how many it stands for
     */
    record Entry(
            long id,
            Instant at,
            Instant until,
            AuditEntry.Kind kind,
            String owner,
            @Nullable String credential,
            String address,
            String action,
            String subject,
            String result,
            long times) {

        static Entry of(AuditRepository.Row row) {
            AuditEntry entry = row.entry();
            return new Entry(
                    row.id(),
                    entry.at(),
                    entry.until(),
                    entry.kind(),
                    entry.actor().owner(),
                    entry.actor().credential(),
                    entry.actor().address(),
                    entry.action(),
                    entry.subject(),
                    entry.result(),
                    entry.times());
        }
    }

    /** The newest first. */
    @Needs(Role.ADMIN)
    @GetMapping("/api/v1/audit")
    Page<Entry> list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > LARGEST) {
            throw new ApiProblem(
                    ApiError.INVALID_PARAMETER, "The parameter limit must be 1 to " + LARGEST + ", not " + limit + ".");
        }
        long before =
                cursor == null ? Long.MAX_VALUE : Cursor.parse(cursor, LIST, 1).number(0);
        List<AuditRepository.Row> rows = audit.page(before, limit);
        String next = rows.size() < limit
                ? null
                : Cursor.of(LIST, rows.getLast().id()).text();
        return new Page<>(rows.stream().map(Entry::of).toList(), next);
    }
}
