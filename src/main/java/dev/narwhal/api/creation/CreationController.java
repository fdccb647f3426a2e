package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.upload.UploadProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/uploads}: creates an upload for a client that gets nothing but its URL. */
@RestController
class CreationController {

    private final ClientUploads uploads;
    private final TusAddress address;
    private final UploadProperties properties;
    private final Limiter limiter;

    CreationController(ClientUploads uploads, TusAddress address, UploadProperties properties, Limiter limiter) {
        this.uploads = uploads;
        this.address = address;
        this.properties = properties;
        this.limiter = limiter;
    }

    /** Where access is open, the plain URL of the upload is all that its client needs. */
    @Needs(Role.UPLOAD)
    @PostMapping(path = "/api/v1/uploads", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CreatedUpload> create(
            @RequestBody NewUploadRequest wanted, Caller caller, HttpServletRequest request) throws IOException {
        requireLength(wanted.length(), caller);
        ClientUploads.Created made = uploads.create(wanted, caller, IdempotencyKey.of(request, caller, wanted));
        return ResponseEntity.created(
                        URI.create("/api/v1/uploads/" + made.upload().id()))
                .body(CreatedUpload.of(made.upload(), address.of(request, made.path())));
    }

    private void requireLength(@Nullable Long length, Caller caller) {
        if (length != null && length < 0) {
            throw Wanted.invalid("length", "must be at least 0, or null");
        }
        long largest = Math.min(properties.largestUpload(), limiter.largestUpload(caller));
        if (length != null && length > largest) {
            throw new ApiProblem(ApiError.MAX_SIZE_EXCEEDED, "An upload may have at most " + largest + " bytes.");
        }
    }
}
