package dev.narwhal.startup;

import java.io.PrintStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Prints one sentence about a failed start and its remedy. Leaves other failures to Spring Boot, with their stack
 * traces.
 *
 * <p>Prints to standard error and not to the log, because settings may be wrong before there is a log. The exit status
 * is 1 in either case.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements SpringBootExceptionReporter {

    private final @Nullable Environment environment;

    /**
     * The only constructor, because Spring could not choose between two.
     *
     * @param context null when the start failed before the environment was ready
     */
    StartFailureReporter(@Nullable ConfigurableApplicationContext context) {
        this.environment = context == null ? null : context.getEnvironment();
    }

    @Override
    public boolean reportException(Throwable failure) {
        return report(failure, System.err);
    }

    boolean report(Throwable failure, PrintStream out) {
        Optional<String> sentence = StartFailure.explain(failure, environment);
        sentence.ifPresent(text -> out.println("Narwhal cannot start: " + text));
        return sentence.isPresent();
    }
}
