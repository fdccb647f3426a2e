package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.http.BodyClaim;
import dev.narwhal.http.Problem;
import dev.narwhal.upload.Upload;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /api/v1/uploads} of a form with a whole file, for clients that cannot speak tus. The file goes from the
 * connection into the staging, as a tus body does. A form that breaks off leaves nothing: its client cannot resume.
 */
@RestController
class FormController {

    private final FormUploads uploads;
    private final Limiter limiter;
    private final TusAddress address;

    FormController(FormUploads uploads, Limiter limiter, TusAddress address) {
        this.uploads = uploads;
        this.limiter = limiter;
        this.address = address;
    }

    /** What follows the file in the form is not read. */
    @Needs(Role.UPLOAD)
    @PostMapping(path = "/api/v1/uploads", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<CreatedUpload> upload(Caller caller, HttpServletRequest request) throws IOException {
        if (!BodyClaim.of(request).admit()) {
            throw new ApiProblem(Problem.of(ApiError.OVERLOADED).with("Retry-After", BodyClaim.RETRY_SECONDS));
        }
        try (Limiter.Body held = limiter.body(caller)) {
            Upload upload = receive(caller, request);
            String url = address.of(request, upload.id().value());
            return ResponseEntity.created(URI.create("/api/v1/uploads/" + upload.id()))
                    .body(CreatedUpload.of(upload, url));
        }
    }

    private Upload receive(Caller caller, HttpServletRequest request) throws IOException {
        FormField fields = new FormField();
        try {
            FileItemIterator items = new FileUpload().getItemIterator(new ServletRequestContext(request));
            while (items.hasNext()) {
                FileItemStream item = items.next();
                try (InputStream content = item.openStream()) {
                    if (!item.isFormField()) {
                        FormBody body = new FormBody(content, limiter.pace(caller));
                        NewUploadRequest wanted = fields.request(item.getName(), item.getContentType());
                        return uploads.receive(caller, wanted, IdempotencyKey.of(request, caller, wanted), body);
                    }
                    fields.read(String.valueOf(item.getFieldName()), content);
                }
            }
        } catch (FileUploadException e) {
            throw new ApiProblem(ApiError.INVALID_BODY, "The body is not a form with a file.");
        }
        throw new ApiProblem(ApiError.INVALID_BODY, "The form has no file.");
    }
}
