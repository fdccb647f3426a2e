package dev.narwhal.destination.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Watches what goes over the wire to S3, and spoils it. */
final class S3Wire implements ExecutionInterceptor {

    final List<Integer> sentParts = new CopyOnWriteArrayList<>();
    final List<String> attributes = new CopyOnWriteArrayList<>();

    /** What is signed of the bodies of objects and parts. */
    final List<String> bodyHashes = new CopyOnWriteArrayList<>();

    final List<CompleteMultipartUploadRequest> completions = new CopyOnWriteArrayList<>();

    private final List<Class<?>> losses = new ArrayList<>();
    private final Map<Class<?>, Runnable> before = new HashMap<>();
    private final Set<Class<?>> damages = new HashSet<>();
    private final Map<Class<?>, Integer> answers = new HashMap<>();
    private @Nullable Class<?> spoiltRequest;
    private String spoiltHeader = "";
    private @Nullable String spoiltValue;

    /** Multipart uploads that were aborted. */
    final List<String> aborts = new CopyOnWriteArrayList<>();

    /** Conditions of deletions; empty for none. */
    final List<String> deletions = new CopyOnWriteArrayList<>();

    /** Requests whose answers were replaced. */
    volatile int answered;

    volatile boolean failLooks;
    volatile boolean listsPartByPart;
    volatile boolean refuseNewerFeatures;

    synchronized void loseAnswersOf(Class<?> request, int times) {
        for (int i = 0; i < times; i++) {
            losses.add(request);
        }
    }

    synchronized void before(Class<?> request, Runnable action) {
        before.put(request, action);
    }

    /** Another byte than was read arrives, once. */
    synchronized void damage(Class<?> request) {
        damages.add(request);
    }

    synchronized void forget() {
        sentParts.clear();
        losses.clear();
        before.clear();
        damages.clear();
        answers.clear();
        spoiltRequest = null;
        failLooks = false;
        listsPartByPart = false;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        Object request = context.request();
        if (request instanceof UploadPartRequest part) {
            sentParts.add(part.partNumber());
        }
        if (request instanceof PutObjectRequest || request instanceof CreateMultipartUploadRequest) {
            this.attributes.add(attributes(context.request()));
        }
        if (request instanceof CompleteMultipartUploadRequest complete) {
            completions.add(complete);
        }
        if (request instanceof AbortMultipartUploadRequest abort) {
            aborts.add(abort.uploadId());
        }
        if (request instanceof DeleteObjectRequest delete) {
            deletions.add(delete.ifMatch() == null ? "" : delete.ifMatch());
        }
        if (failLooks && request instanceof HeadObjectRequest) {
            throw SdkClientException.create("no connection");
        }
        Runnable action;
        synchronized (this) {
            action = before.remove(request.getClass());
        }
        if (action != null) {
            action.run();
        }
        if (refuseNewerFeatures) {
            refuse(request);
        }
    }

    private static String attributes(SdkRequest request) {
        return Stream.of("StorageClass", "ServerSideEncryption", "ACL", "Tagging")
                .map(name -> request.getValueForField(name, String.class).orElse("-"))
                .collect(Collectors.joining(" "));
    }

    /** As a store does with the parts of a very large object. */
    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return listsPartByPart && context.request() instanceof ListPartsRequest list
                ? list.toBuilder().maxParts(1).build()
                : context.request();
    }

    /** From now on in all answers to such requests: headers whose names begin so are missing, or have another value. */
    synchronized void spoil(Class<?> request, String prefix, @Nullable String value) {
        spoiltRequest = request;
        spoiltHeader = prefix;
        spoiltValue = value;
    }

    /** From now on, whatever the store has said. */
    synchronized void answer(Class<?> request, int status) {
        answers.put(request, status);
    }

    @Override
    public synchronized SdkHttpResponse modifyHttpResponse(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        SdkHttpResponse.Builder answer = context.httpResponse().toBuilder();
        Integer status = answers.get(context.request().getClass());
        if (status != null) {
            answered++;
            return answer.statusCode(status).build();
        }
        if (context.request().getClass() == spoiltRequest) {
            context.httpResponse().headers().keySet().stream()
                    .filter(name -> name.regionMatches(true, 0, spoiltHeader, 0, spoiltHeader.length()))
                    .forEach(name -> spoil(answer, name));
        }
        return answer.build();
    }

    private void spoil(SdkHttpResponse.Builder answer, String name) {
        if (spoiltValue == null) {
            answer.removeHeader(name);
        } else {
            answer.putHeader(name, spoiltValue);
        }
    }

    /** Before it is signed: only the checksum can tell. */
    @Override
    public synchronized Optional<RequestBody> modifyHttpContent(
            Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        return damages.remove(context.request().getClass())
                ? context.requestBody().map(S3Wire::damaged)
                : context.requestBody();
    }

    private static RequestBody damaged(RequestBody body) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            byte[] bytes = in.readAllBytes();
            bytes[bytes.length / 2] ^= 1;
            return RequestBody.fromBytes(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        if (context.httpRequest().method() == SdkHttpMethod.PUT) {
            context.httpRequest().firstMatchingHeader("x-amz-content-sha256").ifPresent(bodyHashes::add);
        }
    }

    private static void refuse(Object request) {
        boolean newer =
                request instanceof PutObjectRequest put && (put.checksumCRC32() != null || put.ifNoneMatch() != null)
                        || request instanceof CreateMultipartUploadRequest create && create.checksumAlgorithm() != null
                        || request instanceof UploadPartRequest part && part.checksumCRC32() != null
                        || request instanceof CompleteMultipartUploadRequest complete && complete.ifNoneMatch() != null;
        if (newer) {
            throw S3Exception.builder()
                    .statusCode(501)
                    .message("NotImplemented")
                    .build();
        }
    }

    /** The store has done its work; its answer does not arrive. */
    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        synchronized (this) {
            if (losses.remove((Object) context.request().getClass())) {
                throw SdkClientException.create("the answer was lost");
            }
        }
    }
}
