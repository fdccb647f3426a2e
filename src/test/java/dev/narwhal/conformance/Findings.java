package dev.narwhal.conformance;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Notes how each run of each test ended, and makes one verdict an item of it. For one run of the tests. */
final class Findings implements TestExecutionListener {

    private static final int LONGEST_REASON = 200;

    /** @param detail request and answer, or a stack trace; empty when it did not fail */
    record Finding(Item item, String test, String invocation, Verdict verdict, String why, String detail) {

        String title() {
            return (test + " " + invocation).strip();
        }
    }

    private final List<Finding> findings = new ArrayList<>();
    private @Nullable TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        noteAll(test, Verdict.NOT_TESTED, reason, "");
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Throwable thrown = result.getThrowable().orElse(null);
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    note(test, Verdict.PASSED, "", "");
                }
            }
            case ABORTED -> noteAll(test, Verdict.NOT_TESTED, message(thrown), "");
            case FAILED -> noteAll(test, Verdict.FAILED, message(thrown), String.valueOf(thrown));
        }
    }

    /** A class or a template that ended before its tests ended all of them. */
    private void noteAll(TestIdentifier test, Verdict verdict, String why, String detail) {
        note(test, verdict, why, detail);
        if (plan != null && !test.isTest()) {
            plan.getDescendants(test).stream()
                    .filter(below -> plan.getParent(below).filter(test::equals).isPresent())
                    .forEach(below -> note(below, verdict, why, detail));
        }
    }

    private void note(TestIdentifier test, Verdict verdict, String why, String detail) {
        Optional<Method> method = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getJavaMethod());
        method.map(declared -> declared.getAnnotation(Item.class)).ifPresent(item -> {
            Verdict known = why.contains(Offer.NOT_OFFERED) ? Verdict.NOT_OFFERED : verdict;
            String invocation = test.getDisplayName().startsWith("[") ? test.getDisplayName() : "";
            findings.add(new Finding(item, name(method.orElseThrow()), invocation, known, reason(why), detail));
        });
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static String message(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    /** The first paragraph on one line. */
    private static String reason(String why) {
        String line = why.replace("Assumption failed: ", "")
                .split("\n--- request|\n\n", 2)[0]
                .replaceAll("\\s+", " ")
                .replaceFirst(" in ?$", "")
                .strip();
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + " …";
    }

    List<Finding> failures() {
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAILED)
                .toList();
    }

    /** The verdict on each item of the catalogue, in its order. */
    SequencedMap<Integer, ItemResult> results(Catalogue catalogue) {
        SequencedMap<Integer, ItemResult> results = new TreeMap<>();
        for (Catalogue.Entry entry : catalogue.entries().values()) {
            results.put(entry.number(), result(entry));
        }
        return results;
    }

    private ItemResult result(Catalogue.Entry entry) {
        List<Finding> own = findings.stream()
                .filter(finding -> contains(finding.item().value(), entry.number()))
                .toList();
        Verdict verdict =
                own.stream().map(Finding::verdict).max(Verdict::compareTo).orElse(Verdict.NOT_TESTED);
        List<String> why = switch (verdict) {
            case PASSED -> List.of();
            case FAILED -> reasons(own);
            case NOT_OFFERED, NOT_TESTED ->
                List.of(own.stream()
                        .filter(finding -> finding.verdict() == verdict)
                        .map(finding -> finding.why().replace(Offer.NOT_OFFERED, ""))
                        .findFirst()
                        .orElse(entry.untested().isEmpty() ? "no test was run" : entry.untested()));
        };
        return new ItemResult(entry.number(), verdict, why);
    }

    /** A line for each test: its first failure stands for those of its other invocations. */
    private static List<String> reasons(List<Finding> findings) {
        SequencedMap<String, List<Finding>> tests = new LinkedHashMap<>();
        findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAILED)
                .forEach(finding -> tests.computeIfAbsent(finding.test(), test -> new ArrayList<>())
                        .add(finding));
        return tests.values().stream()
                .map(all -> all.getFirst().title() + ": " + all.getFirst().why()
                        + (all.size() == 1 ? "" : " (and " + (all.size() - 1) + " more)"))
                .toList();
    }

    private static boolean contains(int[] numbers, int number) {
        for (int one : numbers) {
            if (one == number) {
                return true;
            }
        }
        return false;
    }
}
