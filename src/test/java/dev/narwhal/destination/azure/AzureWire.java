package dev.narwhal.destination.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Watches what goes over the wire to Azure, and spoils it. */
final class AzureWire implements HttpPipelinePolicy {

    /** The calls that matter. */
    enum Call {
        LOOK,
        PUT,
        STAGE,
        COMMIT,
        OTHER
    }

    private static final Pattern BLOCK_ID = Pattern.compile("blockid=([^&]+)");

    final List<Integer> stagedParts = new CopyOnWriteArrayList<>();

    /** Those that the store could not compare with anything. */
    final List<Integer> uncheckedParts = new CopyOnWriteArrayList<>();

    /** Never forgotten. */
    final Set<String> stagedKeys = new ConcurrentSkipListSet<>();

    private final Map<Call, Integer> losses = new EnumMap<>(Call.class);
    private final Map<Call, Runnable> before = new EnumMap<>(Call.class);
    private final HttpPipelinePosition position;
    volatile boolean failLooks;

    /** @param position PER_CALL to be beyond the SDK's own retries, PER_RETRY to be within */
    AzureWire(HttpPipelinePosition position) {
        this.position = position;
    }

    @Override
    public HttpPipelinePosition getPipelinePosition() {
        return position;
    }

    /** The store does its work, and its answer does not arrive, this many times. */
    synchronized void loseAnswersOf(Call call, int times) {
        losses.put(call, times);
    }

    /** Once, before the next such call. */
    synchronized void before(Call call, Runnable action) {
        before.put(call, action);
    }

    synchronized void forget() {
        stagedParts.clear();
        losses.clear();
        before.clear();
        failLooks = false;
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        HttpRequest request = context.getHttpRequest();
        Call call = call(request);
        if (call == Call.STAGE) {
            stagedParts.add(number(request));
            stagedKeys.add(key(request));
            if (request.getHeaders().get(HttpHeaderName.CONTENT_MD5) == null) {
                uncheckedParts.add(number(request));
            }
        }
        if (failLooks && call == Call.LOOK) {
            return Mono.error(new IOException("no connection"));
        }
        Runnable action;
        synchronized (this) {
            action = before.remove(call);
        }
        if (action != null) {
            action.run();
        }
        return next.process().flatMap(answer -> isLost(call) ? lost(answer) : Mono.just(answer));
    }

    private static Mono<HttpResponse> lost(HttpResponse answer) {
        answer.close();
        return Mono.error(new IOException("the answer was lost"));
    }

    private synchronized boolean isLost(Call call) {
        @Nullable Integer left = losses.get(call);
        if (left == null || left == 0) {
            return false;
        }
        losses.put(call, left - 1);
        return true;
    }

    private static Call call(HttpRequest request) {
        String query = String.valueOf(request.getUrl().getQuery());
        if (request.getHttpMethod() == HttpMethod.HEAD) {
            return Call.LOOK;
        }
        if (request.getHttpMethod() != HttpMethod.PUT) {
            return Call.OTHER;
        }
        if (query.contains("comp=blocklist")) {
            return Call.COMMIT;
        }
        if (query.contains("comp=block")) {
            return Call.STAGE;
        }
        return request.getHeaders().get(HttpHeaderName.fromString("x-ms-blob-type")) == null ? Call.OTHER : Call.PUT;
    }

    /** Below account and container. */
    private static String key(HttpRequest request) {
        String path = URLDecoder.decode(request.getUrl().getPath(), StandardCharsets.UTF_8);
        return path.split("/", 4)[3];
    }

    private static int number(HttpRequest request) {
        Matcher id = BLOCK_ID.matcher(request.getUrl().getQuery());
        return id.find()
                ? AzureBlockId.parse(id.group(1)
                                .replace("%3D", "=")
                                .replace("%2B", "+")
                                .replace("%2F", "/"))
                        .map(AzureBlockId::number)
                        .orElse(0)
                : 0;
    }
}
