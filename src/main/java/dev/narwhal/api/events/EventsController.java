package dev.narwhal.api.events;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.http.HttpError;
import dev.narwhal.http.Problem;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /api/v1/events}, and the same of one upload. */
@RestController
public final class EventsController {

    /** Each is a connection and a virtual thread, and woken by every event. */
    private static final int MOST = 256;

    /** So that no owner takes them all. */
    private static final int MOST_OF_AN_OWNER = 32;

    private final EventFeed feed;
    private final UploadRepository uploads;
    private final JsonMapper json;
    private final Map<String, Integer> readers = new ConcurrentHashMap<>();

    EventsController(EventFeed feed, UploadRepository uploads, JsonMapper json) {
        this.feed = feed;
        this.uploads = uploads;
        this.json = json;
    }

    /**
     * Changes of uploads as they happen: of all owners for operators, and of the caller's own for everybody else.
     *
     * @param lastSeen the id of the last event that the client has
     * @param upload events of this upload alone
     * @param owner events of this owner's uploads alone
     * @param batch events of this batch's uploads alone
     */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping(path = "/api/v1/events", produces = "text/event-stream")
    public void events(
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastSeen,
            @RequestParam(required = false) @Nullable String upload,
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam(required = false) @Nullable String batch)
            throws IOException {
        if (upload != null) {
            one(caller, request, response, lastSeen, upload);
        } else {
            stream(caller, request, response, lastSeen, visible(caller, owner).and(in(batch)), Optional::empty);
        }
    }

    /**
     * Changes of one upload as they happen, beginning with its state.
     *
     * @param lastSeen the id of the last event that the client has
     */
    @Needs({Role.READ, Role.OPERATE})
    @GetMapping(path = "/api/v1/uploads/{id}/events", produces = "text/event-stream")
    public void one(
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastSeen,
            @PathVariable String id)
            throws IOException {
        UploadId one = UploadId.parse(id)
                .flatMap(valid -> uploads.find(valid, caller.sight()))
                .orElseThrow(() -> new ApiProblem(ApiError.UPLOAD_NOT_FOUND))
                .id();
        Predicate<News> wanted = news -> news.upload().id().equals(one);
        stream(caller, request, response, lastSeen, wanted, () -> uploads.find(one));
    }

    private static Predicate<News> visible(Caller caller, @Nullable String wanted) {
        if (!caller.has(Role.OPERATE)) {
            if (wanted != null && !wanted.equals(caller.owner())) {
                throw new ApiProblem(
                        HttpError.SCOPE_MISSING, "These credentials show the events of their own owner alone.");
            }
            return news -> news.upload().owner().equals(caller.owner())
                    && caller.sight().includes(news.upload());
        }
        return wanted == null ? news -> true : news -> news.upload().owner().equals(wanted);
    }

    private static Predicate<News> in(@Nullable String batch) {
        return batch == null ? news -> true : news -> batch.equals(news.batch());
    }

    private void stream(
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable String lastSeen,
            Predicate<News> wanted,
            Supplier<Optional<Upload>> state)
            throws IOException {
        if (request.getMethod().equals("HEAD")) {
            response.setContentType("text/event-stream;charset=UTF-8");
            return;
        }
        int most = caller.has(Role.OPERATE) ? MOST : MOST_OF_AN_OWNER;
        int owners = readers.merge(caller.owner(), 1, Integer::sum);
        feed.enter();
        try {
            if (feed.readers() > MOST || owners > most) {
                throw new ApiProblem(Problem.of(ApiError.TOO_MANY_STREAMS).with("Retry-After", "10"));
            }
            new EventStream(feed, json, wanted, state).run(response, lastSeen);
        } finally {
            feed.leave();
            readers.computeIfPresent(caller.owner(), (owner, count) -> count == 1 ? null : count - 1);
        }
    }
}
