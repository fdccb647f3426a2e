package dev.narwhal.faults;

import static dev.narwhal.faults.ModelledServer.assertCode;
import static dev.narwhal.faults.ModelledServer.assertHeader;
import static dev.narwhal.faults.ModelledServer.assertStatus;

import dev.narwhal.upload.UploadKind;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * @param shift how far the offset that is sent is from the right one
 * @param size bytes of the body, which may be more than there is room for
 * @param declared Upload-Length; null for none
 */
record RandomPatch(
        int shift, int size, BodySum sum, @Nullable Long declared) implements RandomActions.Deed {

    static Arbitrary<RandomPatch> any() {
        Arbitrary<Integer> shifts = Arbitraries.frequency(
                Tuple.of(12, 0), Tuple.of(1, -1), Tuple.of(1, 1), Tuple.of(1, -RandomActions.MOST_BYTES));
        Arbitrary<@Nullable Long> declared =
                Arbitraries.longs().between(0, RandomActions.MOST_BYTES).injectNull(0.6);
        return Combinators.combine(
                        shifts,
                        Arbitraries.integers().between(0, RandomActions.MOST_BYTES / 2),
                        BodySum.any(),
                        declared)
                .as(RandomPatch::new);
    }

    @Override
    public void on(ModelledServer server, ModelledUpload upload) {
        byte[] body = server.newBytes(size);
        long offset = Math.max(0, upload.offset() + shift);
        List<String> headers = ModelledServer.list("Upload-Offset", "" + offset);
        headers.addAll(List.of("Content-Type", ModelledServer.OFFSET_TYPE));
        headers.addAll(sum.header(body));
        headers.addAll(declared == null ? List.of() : List.of("Upload-Length", "" + declared));
        HttpResponse<byte[]> answer = server.send("PATCH", upload.url, body, headers);
        if (upload.isGone()) {
            assertCode(answer, 404, "UPLOAD_NOT_FOUND");
        } else if (upload.kind == UploadKind.FINAL) {
            assertCode(answer, 403, "FINAL_NOT_WRITABLE");
        } else {
            compare(upload, offset, body, answer);
            server.assertExpires(answer, upload);
        }
    }

    /** In the order in which the server looks at what may be wrong. */
    private void compare(ModelledUpload upload, long offset, byte[] body, HttpResponse<byte[]> answer) {
        @Nullable Long length = declared == null ? upload.length() : declared;
        if (upload.length() != null && !Objects.equals(length, upload.length())) {
            assertCode(answer, 400, "LENGTH_CHANGED");
        } else if (offset != upload.offset()) {
            assertCode(answer, 409, "OFFSET_MISMATCH");
            assertHeader(answer, "Upload-Offset", upload.offset());
        } else if (length != null && length < offset) {
            assertCode(answer, 400, "LENGTH_BELOW_OFFSET");
        } else if (length != null && size > length - offset) {
            assertCode(answer, 413, "BODY_TOO_LARGE");
        } else if (sum == BodySum.MALFORMED) {
            assertCode(answer, 400, "INVALID_CHECKSUM");
        } else if (sum == BodySum.WRONG) {
            assertCode(answer, 460, "CHECKSUM_MISMATCH");
            assertHeader(answer, "Upload-Offset", offset);
            declare(upload, offset, false);
        } else {
            assertStatus(answer, 204);
            declare(upload, offset, true);
            upload.append(body);
            assertHeader(answer, "Upload-Offset", offset + size);
        }
    }

    /** A length counts whatever becomes of the body, but for one that would finish the upload by itself. */
    private void declare(ModelledUpload upload, long offset, boolean accepted) {
        if (declared != null && upload.length() == null && (accepted || declared != offset)) {
            upload.declare(declared);
        }
    }
}
