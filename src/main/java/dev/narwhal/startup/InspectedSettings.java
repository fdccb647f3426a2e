package dev.narwhal.startup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The settings of a server with the same command line, environment and directory, read without starting one. Reports
 * all mistakes, and not only the first. Logs nothing, not even to a file that the settings name.
 */
public final class InspectedSettings {

    private final ConfigurableEnvironment environment;

    private InspectedSettings(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /**
     * @param arguments the server's, such as {@code --narwhal.data-dir=/srv/narwhal}
     * @throws RuntimeException for {@link #explainUnread}, when the settings cannot be read at all
     */
    public static InspectedSettings read(String... arguments) {
        try (var context = new Inspection().run(arguments)) {
            return new InspectedSettings(context.getEnvironment());
        }
    }

    public ConfigurableEnvironment environment() {
        return environment;
    }

    /** One sentence for each unknown name, and for each value that is not allowed. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(UnknownSettings.all(environment));
        EarlyCheck.all(environment).forEach(check -> collect(problems, check));
        return List.copyOf(problems);
    }

    /** Empty when the record's settings are among the {@link #problems()}. */
    public <T> Optional<T> bind(Class<T> record) {
        try {
            return Optional.of(EarlyCheck.bind(environment, record));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Explains in one sentence why a step of a start has failed. */
    public String explain(Throwable failure) {
        return StartFailure.explain(failure, environment).orElseGet(() -> Redaction.failure(failure));
    }

    /** The same for settings that could not be read. */
    public static String explainUnread(Throwable failure) {
        return StartFailure.explain(failure, null).orElseGet(() -> Redaction.failure(failure));
    }

    /** A JDBC URL without parts that may contain a password. */
    public static String redactedUrl(String url) {
        return Redaction.url(url);
    }

    private void collect(List<String> problems, Runnable check) {
        try {
            check.run();
        } catch (RuntimeException e) {
            problems.add(explain(e));
        }
    }

    /**
     * A start that ends once it has read the settings. It does not throw on unknown names; {@link #problems()} reports
     * them.
     */
    static final class Inspection extends SpringApplication {

        /** Leaves the configured log file alone, too: a running server may be writing it. */
        private static final Map<String, Object> SILENCE = Map.of(
                "logging.threshold.console",
                "off",
                "logging.file.name",
                "",
                "logging.file.path",
                "",
                "logging.config",
                "");

        Inspection() {
            super(Nothing.class);
            setWebApplicationType(WebApplicationType.NONE);
            setRegisterShutdownHook(false);
        }

        @Override
        protected void configurePropertySources(ConfigurableEnvironment environment, String[] args) {
            super.configurePropertySources(environment, args);
            environment.getPropertySources().addFirst(new MapPropertySource("inspection", SILENCE));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}
}
