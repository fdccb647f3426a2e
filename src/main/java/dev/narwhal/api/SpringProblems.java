package dev.narwhal.api;

import dev.narwhal.http.ErrorCode;
import dev.narwhal.http.HttpError;
import dev.narwhal.http.Problem;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in our words what Spring MVC refuses before a controller is called. Its own words name classes. */
final class SpringProblems {

    private SpringProblems() {}

    static Optional<Problem> of(Exception failure) {
        return switch (failure) {
            case BindException wrong ->
                wrong.getFieldErrors().stream().findFirst().map(SpringProblems::field);
            case TypeMismatchException wrong ->
                Optional.of(parameter(wrong.getPropertyName(), wrong.getRequiredType(), wrong.getValue()));
            case MissingServletRequestParameterException missing ->
                Optional.of(invalid("The parameter " + missing.getParameterName() + " is missing."));
            case HttpMessageNotReadableException body -> Optional.of(body(body));
            case ErrorResponse refused -> Optional.of(refused(refused.getStatusCode(), refused.getHeaders()));
            default -> Optional.empty();
        };
    }

    private static Problem field(FieldError error) {
        return error.contains(TypeMismatchException.class)
                ? of(error.unwrap(TypeMismatchException.class)).orElseThrow()
                : invalid("The parameter " + error.getField() + " is not valid.");
    }

    private static Problem parameter(@Nullable String name, @Nullable Class<?> type, @Nullable Object value) {
        String wanted = type == null ? "valid" : expected(type);
        return invalid(
                "The parameter " + name + " must be " + wanted + ", not '" + ParameterText.quoted(text(value)) + "'.");
    }

    private static String text(@Nullable Object value) {
        return value instanceof Object[] several
                ? Arrays.stream(several).map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream((Enum<?>[]) type.getEnumConstants())
                            .map(ParameterText::of)
                            .collect(Collectors.joining(", "));
        }
        return switch (type.getSimpleName()) {
            case "Instant" -> "a time such as 2026-12-01T03:00:00Z";
            case "int", "long", "Integer", "Long" -> "a whole number";
            case "boolean", "Boolean" -> "true or false";
            case "Duration" -> "a duration such as PT1H or 1h";
            default -> "valid";
        };
    }

    private static Problem body(HttpMessageNotReadableException failure) {
        if (failure.getCause() instanceof UnrecognizedPropertyException unknown) {
            return invalidBody("There is no field '" + ParameterText.quoted(unknown.getPropertyName()) + "' here.");
        }
        if (!(failure.getCause() instanceof JacksonException json)) {
            return Problem.of(ApiError.INVALID_BODY);
        }
        if (json.getCause() instanceof IllegalArgumentException wrong) {
            return invalidBody(String.valueOf(wrong.getMessage()));
        }
        return json.getPath().isEmpty()
                ? Problem.of(ApiError.INVALID_BODY)
                : invalidBody("The field '" + path(json) + "' has a value that is not valid.");
    }

    private static String path(JacksonException failure) {
        return failure.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }

    private static Problem refused(HttpStatusCode status, HttpHeaders headers) {
        ErrorCode error = errorOf(status.value());
        Problem problem = Problem.of(error, status.value(), error.sentence());
        for (String name : headers.headerNames()) {
            problem = problem.with(name, String.join(", ", headers.getOrEmpty(name)));
        }
        return problem;
    }

    private static ErrorCode errorOf(int status) {
        return switch (status) {
            case 404 -> HttpError.NOT_FOUND;
            case 405 -> HttpError.METHOD_NOT_ALLOWED;
            case 406 -> ApiError.NOT_ACCEPTABLE;
            case 415 -> ApiError.UNSUPPORTED_MEDIA_TYPE;
            case 503 -> ApiError.UNAVAILABLE;
            default -> status < 500 ? HttpError.BAD_REQUEST : HttpError.INTERNAL;
        };
    }

    private static Problem invalid(String detail) {
        return Problem.of(ApiError.INVALID_PARAMETER, ApiError.INVALID_PARAMETER.status(), detail);
    }

    private static Problem invalidBody(String detail) {
        return Problem.of(ApiError.INVALID_BODY, ApiError.INVALID_BODY.status(), detail);
    }
}
