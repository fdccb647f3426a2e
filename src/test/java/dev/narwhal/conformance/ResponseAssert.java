package dev.narwhal.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about an answer; each failure shows request and answer as they were. */
final class ResponseAssert extends AbstractAssert<ResponseAssert, RawResponse> {

    private ResponseAssert(@Nullable RawResponse actual) {
        super(actual, ResponseAssert.class);
    }

    static ResponseAssert assertThat(RawResponse actual) {
        return new ResponseAssert(actual);
    }

    /** One of these. */
    ResponseAssert hasStatus(Integer... allowed) {
        check(Arrays.asList(allowed).contains(actual.status()), "status to be one of " + Arrays.toString(allowed));
        return this;
    }

    /** Our own server gives the first; others may as well give one of the rest, where the protocol leaves it open. */
    ResponseAssert hasStatusOr(int ours, Integer... others) {
        List<Integer> allowed = new ArrayList<>(List.of(ours));
        if (TusServer.isForeign()) {
            allowed.addAll(Arrays.asList(others));
        }
        return hasStatus(allowed.toArray(Integer[]::new));
    }

    ResponseAssert isSuccess() {
        check(actual.isSuccess(), "status to be 2xx");
        return this;
    }

    ResponseAssert isNoSuccess() {
        check(actual.status() >= 400, "status to be 4xx or 5xx");
        return this;
    }

    ResponseAssert hasHeader(String name, String value) {
        check(actual.values(name).equals(List.of(value)), "the header " + name + ": " + value);
        return this;
    }

    /** An answer need not have the header; if it does, then with this value. */
    ResponseAssert hasHeaderIfAny(String name, String value) {
        return actual.values(name).isEmpty() ? this : hasHeader(name, value);
    }

    ResponseAssert hasHeader(String name) {
        check(actual.values(name).size() == 1, "one header " + name);
        return this;
    }

    ResponseAssert hasNoHeader(String name) {
        check(actual.values(name).isEmpty(), "no header " + name);
        return this;
    }

    /** A list in a header, such as Tus-Extension, has all of these, in any order and case. */
    ResponseAssert lists(String name, String... elements) {
        List<String> listed = elements(name);
        for (String element : elements) {
            check(listed.stream().anyMatch(element::equalsIgnoreCase), "the header " + name + " to list " + element);
        }
        return this;
    }

    ResponseAssert listsNot(String name, String element) {
        check(elements(name).stream().noneMatch(element::equalsIgnoreCase), name + " not to list " + element);
        return this;
    }

    private List<String> elements(String name) {
        return actual.values(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .toList();
    }

    /** The client was not told to send its body. */
    ResponseAssert cameWithoutContinue() {
        check(!actual.interim().contains(100), "no interim answer 100");
        return this;
    }

    ResponseAssert hasBody(String text) {
        check(actual.text().equals(text), "the body to be '" + text + "'");
        return this;
    }

    ResponseAssert hasNoBody() {
        check(actual.body().length == 0, "no body");
        return this;
    }

    RawResponse answer() {
        return actual;
    }

    private void check(boolean holds, String expectation) {
        isNotNull();
        if (!holds) {
            failWithMessage("Expected %s, got %s in%n%s", expectation, actual.status(), actual);
        }
    }
}
