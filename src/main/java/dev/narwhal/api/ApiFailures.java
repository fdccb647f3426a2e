package dev.narwhal.api;

import dev.narwhal.access.limits.LimitReachedException;
import dev.narwhal.http.HttpError;
import dev.narwhal.http.Problem;
import dev.narwhal.ingest.ServerStoppingException;
import dev.narwhal.ingest.UploadFailure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers every failure below {@code /api} with a problem document: whatever a controller, a use-case or Spring MVC throws
 * ends here and nowhere else.
 */
final class ApiFailures implements HandlerExceptionResolver, Ordered {

    /** Everything below it is the API's. */
    static final String PATH = "/api/";

    private static final Logger log = LoggerFactory.getLogger(ApiFailures.class);
    private static final int MAX_CAUSES = 10;

    /** Before Spring's own, which would answer in its own words. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (!request.getServletPath().startsWith(PATH)) {
            return null;
        }
        if (response.isCommitted() || isClientGone(failure)) {
            log.debug("request.unanswered method={} uri={}", request.getMethod(), request.getRequestURI(), failure);
            return new ModelAndView();
        }
        answer(request, response, problem(request, failure));
        return new ModelAndView();
    }

    private static Problem problem(HttpServletRequest request, Exception failure) {
        return causes(failure)
                .filter(ApiProblem.class::isInstance)
                .findFirst()
                .map(known -> ((ApiProblem) known).problem())
                .or(() -> SpringProblems.of(failure))
                .or(() -> ofUseCase(failure))
                .orElseGet(() -> unexpected(request, failure));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, cause -> cause == null ? null : cause.getCause())
                .takeWhile(Objects::nonNull)
                .limit(MAX_CAUSES)
                .filter(Objects::nonNull);
    }

    private static Optional<Problem> ofUseCase(Exception failure) {
        return switch (UploadFailure.of(failure)) {
            case NOT_FOUND -> Optional.of(Problem.of(ApiError.UPLOAD_NOT_FOUND));
            case EXPIRED -> Optional.of(Problem.of(ApiError.UPLOAD_EXPIRED));
            case BUSY, OVERTAKEN -> Optional.of(Problem.of(ApiError.UPLOAD_BUSY));
            case PARTIAL_IN_USE -> Optional.of(Problem.of(ApiError.PARTIAL_IN_USE));
            case VOLUME_ABSENT -> Optional.of(Problem.of(ApiError.VOLUME_ABSENT));
            case NO_DESCRIPTORS -> Optional.of(Problem.of(ApiError.NO_DESCRIPTORS));
            case LIMITED ->
                failure instanceof LimitReachedException limited ? Optional.of(limited(limited)) : Optional.empty();
            case DATABASE_AWAY -> Optional.of(Problem.of(ApiError.UNAVAILABLE));
            default ->
                failure instanceof ServerStoppingException
                        ? Optional.of(Problem.of(ApiError.UNAVAILABLE))
                        : Optional.empty();
        };
    }

    private static Problem limited(LimitReachedException limited) {
        Problem problem = Problem.of(limited.error());
        return limited.isLasting() ? problem : problem.with("Retry-After", String.valueOf(limited.retryAfterSeconds()));
    }

    private static Problem unexpected(HttpServletRequest request, Exception failure) {
        log.error("request.failed method={} uri={}", request.getMethod(), request.getRequestURI(), failure);
        return Problem.of(HttpError.INTERNAL);
    }

    private static boolean isClientGone(Exception failure) {
        return failure instanceof AsyncRequestNotUsableException;
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, Problem problem) {
        request.setAttribute(AuditTrail.CODE, problem.error().name());
        try {
            response.resetBuffer();
            problem.write(response, !request.getMethod().equals("HEAD"));
        } catch (IOException e) {
            log.debug("request.unanswered status={} the client was gone before it heard of it", problem.status(), e);
        }
    }
}
