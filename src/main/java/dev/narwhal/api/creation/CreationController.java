package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.access.UploadUrl;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.ingest.NewUpload;
import dev.narwhal.ingest.UploadCreator;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadProperties;
import dev.narwhal.upload.UploadTerms;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/uploads}: creates an upload for a client that gets nothing but its URL. */
@RestController
class CreationController {

    /** Enough for the creation that follows at once. */
    private static final Duration START = Duration.ofMinutes(5);

    private final UploadCreator creator;
    private final UploadUrls urls;
    private final TusAddress address;
    private final UploadProperties properties;
    private final boolean open;
    private final Clock clock;

    CreationController(
            UploadCreator creator,
            UploadUrls urls,
            TusAddress address,
            UploadProperties properties,
            boolean open,
            Clock clock) {
        this.creator = creator;
        this.urls = urls;
        this.address = address;
        this.properties = properties;
        this.open = open;
        this.clock = clock;
    }

    /** Where access is open, the plain URL of the upload is all that its client needs. */
    @Needs(Role.UPLOAD)
    @PostMapping(path = "/api/v1/uploads", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CreatedUpload> create(
            @RequestBody NewUploadRequest wanted, Caller caller, HttpServletRequest request) throws IOException {
        requireLength(wanted.length());
        String owner = Wanted.owner(wanted.owner(), caller);
        String key = Wanted.key(wanted.key());
        Duration idle = Wanted.duration("expireAfter", wanted.expireAfter());
        if (open) {
            Upload upload = creator.create(upload(wanted, caller.agreeing(new UploadTerms(null, key, idle))));
            return created(
                    CreatedUpload.of(upload, address.of(request, upload.id().value()), null));
        }
        UploadUrl.Grant grant = new UploadUrl.Grant(null, List.of(), null, key, null, false, idle);
        UploadUrls.Created url = urls.create(
                owner, grant, clock.instant().plus(START), 1, Objects.requireNonNullElse(caller.actor(), ""));
        Upload upload = creator.create(upload(wanted, url.url().caller()));
        String location = address.of(request, "u/" + url.token() + "/" + upload.id());
        return created(CreatedUpload.of(upload, location, url.url().id()));
    }

    private void requireLength(@Nullable Long length) {
        if (length != null && length < 0) {
            throw Wanted.invalid("length", "must be at least 0, or null");
        }
        if (length != null && length > properties.largestUpload()) {
            throw new ApiProblem(
                    CreationError.MAX_SIZE_EXCEEDED,
                    "An upload may have at most " + properties.largestUpload() + " bytes.");
        }
    }

    private static NewUpload upload(NewUploadRequest wanted, Caller caller) {
        return new NewUpload(caller, UploadKind.WHOLE, wanted.length(), wanted.description());
    }

    private static ResponseEntity<CreatedUpload> created(CreatedUpload upload) {
        return ResponseEntity.created(URI.create("/api/v1/uploads/" + upload.id()))
                .body(upload);
    }
}
