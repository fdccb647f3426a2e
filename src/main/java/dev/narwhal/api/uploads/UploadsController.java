package dev.narwhal.api.uploads;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.api.Page;
import dev.narwhal.delivery.ScheduledDeliveries;
import dev.narwhal.ingest.UploadTerminator;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/uploads}: lists uploads, shows one, cancels it, retries deliveries that were given up. */
@RestController
@RequestMapping("/api/v1/uploads")
class UploadsController {

    private final UploadList list;
    private final UploadDetails details;
    private final UploadRepository uploads;
    private final UploadTerminator terminator;
    private final ScheduledDeliveries deliveries;

    UploadsController(
            UploadList list,
            UploadDetails details,
            UploadRepository uploads,
            UploadTerminator terminator,
            ScheduledDeliveries deliveries) {
        this.list = list;
        this.details = details;
        this.uploads = uploads;
        this.terminator = terminator;
        this.deliveries = deliveries;
    }

    /** A page of uploads: of all owners for operators, and of the caller's own for everybody else. */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping
    Page<ListedUpload> list(@ModelAttribute UploadQuery query, Caller caller) {
        return VisibleUploads.of(query, caller).map(list::page).orElseGet(() -> new Page<>(List.of(), null));
    }

    /** Everything about one upload, also about one that has ended and still has its row. */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping("/{id}")
    UploadDetail one(@PathVariable String id, Caller caller) {
        return details.of(find(id, caller));
    }

    /** Ends an upload, as DELETE of its own URL does: a delivered file stays at its destination. */
    @Needs({Role.UPLOAD, Role.OPERATE})
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@PathVariable String id, Caller caller) throws IOException {
        terminator.terminate(caller, parse(id));
    }

    /** Retries a delivery that was given up. */
    @Needs(Role.OPERATE)
    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void retry(@PathVariable String id, Caller caller) {
        Upload upload = find(id, caller);
        if (!deliveries.retry(upload.id(), caller.actor())) {
            throw new ApiProblem(ApiError.NOT_FAILED);
        }
    }

    /** Retries the deliveries that were given up and are like this, a bounded number of them. */
    @Needs(Role.OPERATE)
    @PostMapping("/retry")
    RetryAll.Result retryAll(@RequestBody RetryAll.Request request, Caller caller) {
        return RetryAll.of(request, list, id -> deliveries.retry(id, caller.actor()));
    }

    private Upload find(String id, Caller caller) {
        return uploads.find(parse(id), caller.sight()).orElseThrow(() -> new ApiProblem(ApiError.UPLOAD_NOT_FOUND));
    }

    private static UploadId parse(String id) {
        return UploadId.parse(id).orElseThrow(() -> new ApiProblem(ApiError.UPLOAD_NOT_FOUND));
    }
}
