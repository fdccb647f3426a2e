package dev.narwhal.faults;

import static dev.narwhal.faults.ModelledServer.assertCode;
import static dev.narwhal.faults.ModelledServer.assertHeader;
import static dev.narwhal.faults.ModelledServer.assertStatus;

import dev.narwhal.upload.UploadKind;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;
import org.jspecify.annotations.Nullable;

/** The requests of a random sequence: each is sent, and its answer compared with what the model says. */
final class RandomActions {

    static final int MOST_BYTES = 40;

    private static final int MOST_UPLOADS = 12;
    private static final int MOST_PARTIALS = 4;

    private RandomActions() {}

    /** What is done to one upload. Its text stands in the report of a failure. */
    interface Deed {
        void on(ModelledServer server, ModelledUpload upload);
    }

    /** @param longest how many actions a sequence has at most */
    static Arbitrary<ActionChain<ModelledServer>> chains(Supplier<ModelledServer> servers, int longest) {
        return ActionChain.<ModelledServer>startWith(servers)
                .withAction(36, of(server -> server.uploads.size() < MOST_UPLOADS, creations()))
                .withAction(36, of(server -> server.uploads.size() < MOST_UPLOADS, creationsWithBytes()))
                .withAction(120, onSome(RandomPatch.any()))
                .withAction(12, onSome(Arbitraries.just(new Download())))
                .withAction(12, onSome(Arbitraries.just(new Deletion())))
                .withAction(30, onSome(concatenations()))
                // A start takes as long as a thousand requests.
                .withAction(3, onSome(RandomCrash.any()))
                .withMaxTransformations(longest);
    }

    private interface Step {
        void on(ModelledServer server);
    }

    private static Action.Independent<ModelledServer> of(
            Predicate<ModelledServer> condition, Arbitrary<? extends Step> steps) {
        return new Action.Independent<>() {
            @Override
            public boolean precondition(ModelledServer server) {
                return condition.test(server);
            }

            @Override
            public Arbitrary<Transformer<ModelledServer>> transformer() {
                return steps.map(step -> Transformer.mutate(step.toString(), step::on));
            }
        };
    }

    private static Action.Independent<ModelledServer> onSome(Arbitrary<? extends Deed> deeds) {
        Arbitrary<OnSome> steps = Combinators.combine(deeds, numbers()).as((deed, number) -> new OnSome(deed, number));
        return of(server -> !server.uploads.isEmpty(), steps);
    }

    private record OnSome(Deed deed, int number) implements Step {
        @Override
        public void on(ModelledServer server) {
            deed.on(server, server.pick(number));
        }
    }

    private static Arbitrary<Integer> numbers() {
        return Arbitraries.integers().between(0, MOST_UPLOADS - 1);
    }

    /** Null for a length that is deferred. */
    static Arbitrary<@Nullable Long> lengths() {
        return Arbitraries.longs().between(0, MOST_BYTES).injectNull(0.35);
    }

    private static Arbitrary<Creation> creations() {
        return Combinators.combine(Arbitraries.of(true, false), lengths()).as(Creation::new);
    }

    private static Arbitrary<CreationWithBytes> creationsWithBytes() {
        return Combinators.combine(creations(), Arbitraries.integers().between(1, MOST_BYTES), BodySum.any())
                .as(CreationWithBytes::new);
    }

    private static Arbitrary<Concatenation> concatenations() {
        return numbers().list().ofMinSize(1).ofMaxSize(MOST_PARTIALS).map(Concatenation::new);
    }

    private record Creation(boolean partial, @Nullable Long length) implements Step {

        @Override
        public void on(ModelledServer server) {
            String metadata = server.newMetadata();
            HttpResponse<byte[]> answer = server.send("POST", server.server.uploads(), new byte[0], headers(metadata));
            ModelledUpload upload = server.created(answer, partial, length, metadata);
            assertHeader(answer, "Upload-Offset", 0);
            server.assertExpires(answer, upload);
        }

        List<String> headers(String metadata) {
            List<String> headers = ModelledServer.list("Upload-Metadata", metadata);
            headers.addAll(
                    length == null ? List.of("Upload-Defer-Length", "1") : List.of("Upload-Length", "" + length));
            headers.addAll(partial ? List.of("Upload-Concat", "partial") : List.of());
            return headers;
        }

        boolean hasNoRoomFor(int size) {
            return length != null && size > length;
        }
    }

    private record CreationWithBytes(Creation creation, int size, BodySum sum) implements Step {

        @Override
        public void on(ModelledServer server) {
            String metadata = server.newMetadata();
            byte[] body = server.newBytes(size);
            List<String> headers = creation.headers(metadata);
            headers.addAll(List.of("Content-Type", ModelledServer.OFFSET_TYPE));
            headers.addAll(sum.header(body));
            HttpResponse<byte[]> answer = server.send("POST", server.server.uploads(), body, headers);
            if (creation.hasNoRoomFor(size) || sum == BodySum.MALFORMED) {
                assertStatus(answer, creation.hasNoRoomFor(size) ? 413 : 400);
                assertHeader(answer, "Location", null);
            } else if (sum == BodySum.WRONG) {
                assertCode(answer, 460, "CHECKSUM_MISMATCH");
                server.assertExpires(answer, server.located(answer, creation.partial, creation.length, metadata));
                assertHeader(answer, "Upload-Offset", 0);
            } else {
                ModelledUpload upload = server.created(answer, creation.partial, creation.length, metadata);
                upload.append(body);
                assertHeader(answer, "Upload-Offset", size);
                server.assertExpires(answer, upload);
            }
        }
    }

    private record Download() implements Deed {
        @Override
        public void on(ModelledServer server, ModelledUpload upload) {
            server.assertDownload(upload);
        }
    }

    private record Deletion() implements Deed {

        @Override
        public void on(ModelledServer server, ModelledUpload upload) {
            HttpResponse<byte[]> answer = server.send("DELETE", upload.url, new byte[0], List.of());
            List<ModelledUpload> finals = server.uploads.stream()
                    .filter(other -> other.isMadeOf(upload) && !other.isGone())
                    .toList();
            if (upload.isGone()) {
                assertCode(answer, 404, "UPLOAD_NOT_FOUND");
            } else if (finals.stream().anyMatch(one -> !one.isComplete())) {
                assertCode(answer, 409, "PARTIAL_IN_USE");
            } else if (answer.statusCode() == 409) {
                // A final that is complete may be delivered by now, or not.
                assertCode(answer, finals.isEmpty() ? 204 : 409, "PARTIAL_IN_USE");
            } else {
                assertStatus(answer, 204);
                upload.terminate();
            }
        }
    }

    private record Concatenation(List<Integer> numbers) implements Deed {

        @Override
        public void on(ModelledServer server, ModelledUpload unused) {
            List<ModelledUpload> partials = numbers.stream().map(server::pick).toList();
            String metadata = server.newMetadata();
            HttpResponse<byte[]> answer = server.send(
                    "POST",
                    server.server.uploads(),
                    new byte[0],
                    List.of("Upload-Concat", ModelledUpload.concat(partials), "Upload-Metadata", metadata));
            boolean gone = partials.stream().anyMatch(ModelledUpload::isGone);
            boolean other = partials.stream().anyMatch(one -> !one.isGone() && one.kind != UploadKind.PARTIAL);
            if (gone || other) {
                // The first of them is told.
                assertStatus(answer, gone ? 404 : 400, other ? 400 : 404);
                assertHeader(answer, "Location", null);
                return;
            }
            assertStatus(answer, 201);
            ModelledUpload made = ModelledUpload.ofFinal(server.location(answer), partials, metadata);
            server.uploads.add(made);
            assertHeader(answer, "Upload-Offset", made.isComplete() ? made.content().length : null);
        }
    }
}
