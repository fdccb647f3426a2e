package dev.narwhal.api.creation;

import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a form says about its file, in the fields before it. */
final class FormField {

    private static final int LONGEST = 4096;
    private static final int MOST = 50;
    private static final String METADATA = "metadata.";

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private @Nullable String key;
    private int fields;

    /** @param name {@code key}, or {@code metadata.} and a key of the metadata */
    void read(String name, InputStream value) throws IOException {
        if (++fields > MOST) {
            throw new ApiProblem(ApiError.INVALID_BODY, "The form has more than " + MOST + " fields.");
        }
        byte[] bytes = value.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new ApiProblem(ApiError.INVALID_BODY, "A field of the form has more than " + LONGEST + " bytes.");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (name.equals("key")) {
            key = text;
        } else if (name.startsWith(METADATA)) {
            metadata.put(name.substring(METADATA.length()), text);
        } else {
            throw new ApiProblem(
                    ApiError.INVALID_BODY,
                    "The form has a field that is neither 'key' nor 'metadata.' with a key, nor a file.");
        }
    }

    /** With the name and the type of the file where the fields say nothing of them. */
    NewUploadRequest request(@Nullable String filename, @Nullable String contentType) {
        if (filename != null && !filename.isBlank()) {
            metadata.putIfAbsent("filename", filename);
        }
        if (contentType != null && !contentType.isBlank()) {
            metadata.putIfAbsent("filetype", contentType);
        }
        return new NewUploadRequest(null, metadata, key, null, null);
    }
}
