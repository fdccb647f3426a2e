package dev.narwhal.api.batches;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.api.Page;
import dev.narwhal.batch.BatchProgress;
import dev.narwhal.batch.RecentBatch;
import dev.narwhal.batch.UploadBatches;
import dev.narwhal.http.HttpError;
import dev.narwhal.upload.Sight;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /api/v1/batches}: the progress of uploads that belong together. The files of a batch are a list of uploads:
 * {@code /api/v1/uploads?batch=…}.
 */
@RestController
@RequestMapping("/api/v1/batches")
class BatchesController {

    private static final int LARGEST = 200;

    private final UploadBatches batches;

    BatchesController(UploadBatches batches) {
        this.batches = batches;
    }

    /** The latest batches of the caller, or of the owner that an operator names. */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping
    Page<RecentBatch> recent(
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam(defaultValue = "50") int limit,
            Caller caller) {
        if (limit < 1 || limit > LARGEST) {
            throw new ApiProblem(
                    ApiError.INVALID_PARAMETER, "The parameter limit must be 1 to " + LARGEST + ", not " + limit + ".");
        }
        return new Page<>(batches.recent(owner(owner, caller), limit), null);
    }

    /** Progress over all uploads of the batch, and how many are in each state. */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping("/{batch}")
    BatchProgress one(
            @PathVariable String batch, @RequestParam(required = false) @Nullable String owner, Caller caller) {
        return batches.progress(owner(owner, caller), batch)
                .orElseThrow(() -> new ApiProblem(HttpError.NOT_FOUND, "There is no such batch."));
    }

    private static String owner(@Nullable String named, Caller caller) {
        boolean foreign = !Objects.requireNonNullElse(named, caller.owner()).equals(caller.owner());
        if (caller.sight().kind() == Sight.Kind.CREDENTIAL || foreign && !caller.has(Role.OPERATE)) {
            throw new ApiProblem(HttpError.NOT_FOUND, "There is no such batch.");
        }
        return named == null ? caller.owner() : named;
    }
}
