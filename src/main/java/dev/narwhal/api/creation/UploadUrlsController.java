package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.access.UploadUrl;
import dev.narwhal.access.UploadUrlRepository;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Cursor;
import dev.narwhal.api.Needs;
import dev.narwhal.api.Page;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/upload-urls}: makes, lists and revokes URLs for clients that have no credentials. */
@RestController
@RequestMapping("/api/v1/upload-urls")
class UploadUrlsController {

    private static final String LIST = "upload-urls";
    private static final int LARGEST_PAGE = 200;
    private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private final UploadUrls urls;
    private final UploadUrlRepository repository;
    private final TusAddress address;
    private final Clock clock;

    UploadUrlsController(UploadUrls urls, UploadUrlRepository repository, TusAddress address, Clock clock) {
        this.urls = urls;
        this.repository = repository;
        this.address = address;
        this.clock = clock;
    }

    /** Makes a URL for uploads of the caller, or of an owner whom an administrator names. */
    @Needs(Role.UPLOAD)
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    UrlView create(@RequestBody NewUrl wanted, Caller caller, HttpServletRequest request) {
        String within = wanted.startWithin() == null ? NewUrl.START_WITHIN : wanted.startWithin();
        Duration start = Objects.requireNonNull(Wanted.duration("startWithin", within));
        UploadUrls.Created made = urls.create(
                caller,
                Wanted.owner(wanted.owner(), caller),
                wanted.grant(caller),
                clock.instant().plus(start),
                wanted.usesOrOne());
        return UrlView.of(made.url(), address.of(request, "u/" + made.token()));
    }

    /** A page of URLs, the newest first: of all owners for operators, and of the caller's own for everybody else. */
    @Needs({Role.UPLOAD, Role.OPERATE})
    @GetMapping
    Page<UrlView> list(
            @RequestParam @Nullable String owner,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam @Nullable String cursor,
            Caller caller) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new ApiProblem(ApiError.INVALID_PARAMETER, "limit must be from 1 to " + LARGEST_PAGE + ".");
        }
        Cursor from = cursor == null ? Cursor.of(LIST, LAST, "") : Cursor.parse(cursor, LIST, 2);
        List<UploadUrl> found = repository.list(seen(owner, caller), from.time(0), from.word(1), limit + 1);
        List<UploadUrl> page = found.subList(0, Math.min(limit, found.size()));
        String next = found.size() > limit
                ? Cursor.of(
                                LIST,
                                page.getLast().life().createdAt(),
                                page.getLast().id())
                        .text()
                : null;
        return new Page<>(page.stream().map(url -> UrlView.of(url, null)).toList(), next);
    }

    private static String seen(@Nullable String owner, Caller caller) {
        if (isOperator(caller)) {
            return owner == null ? "" : owner;
        }
        return caller.owner();
    }

    @Needs({Role.UPLOAD, Role.OPERATE})
    @GetMapping("/{id}")
    UrlView one(@PathVariable String id, Caller caller) {
        return UrlView.of(find(id, caller), null);
    }

    /** Revokes it, with all uploads that are under way by it: their bodies end within five seconds, what came is kept. */
    @Needs({Role.UPLOAD, Role.OPERATE})
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String id, Caller caller) {
        UploadUrl url = find(id, caller);
        if (!urls.revoke(url.id())) {
            throw new ApiProblem(ApiError.UPLOAD_URL_NOT_FOUND);
        }
    }

    private UploadUrl find(String id, Caller caller) {
        return repository
                .find(id)
                .filter(url -> isOperator(caller) || url.owner().equals(caller.owner()))
                .orElseThrow(() -> new ApiProblem(ApiError.UPLOAD_URL_NOT_FOUND));
    }

    private static boolean isOperator(Caller caller) {
        return caller.has(Role.OPERATE);
    }
}
