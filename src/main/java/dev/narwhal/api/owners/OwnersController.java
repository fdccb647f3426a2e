package dev.narwhal.api.owners;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.access.limits.OwnerUsage;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Cursor;
import dev.narwhal.api.Needs;
import dev.narwhal.api.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/owners}: use against limits. */
@RestController
class OwnersController {

    private static final int LARGEST = 200;
    private static final String LIST = "owners";

    private final Limiter limiter;

    OwnersController(Limiter limiter) {
        this.limiter = limiter;
    }

    /** By name: all owners who have ever created an upload for an operator, the caller alone for others. */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping("/api/v1/owners")
    Page<OwnerUsage> list(
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "50") int limit,
            Caller caller) {
        if (limit < 1 || limit > LARGEST) {
            throw new ApiProblem(
                    ApiError.INVALID_PARAMETER, "The parameter limit must be 1 to " + LARGEST + ", not " + limit + ".");
        }
        if (!caller.has(Role.OPERATE)) {
            return new Page<>(List.of(limiter.owner(caller)), null);
        }
        String after = cursor == null ? "" : Cursor.parse(cursor, LIST, 1).word(0);
        List<OwnerUsage> owners = limiter.owners(after, limit);
        String next = owners.size() < limit
                ? null
                : Cursor.of(LIST, owners.getLast().owner()).text();
        return new Page<>(owners, next);
    }
}
