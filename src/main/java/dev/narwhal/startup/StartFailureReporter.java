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
 * Prints the one sentence that mends a failed start. What it does not know is left to Spring Boot, stack trace and all.
 *
 * <p>To standard error and not to the log: settings can be wrong before there is a log. The exit status is 1 either way.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements SpringBootExceptionReporter {

    private final @Nullable Environment environment;

    /**
     * The only constructor: Spring would not know which of two to take.
     *
     * @param context null when not even the environment was ready
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
