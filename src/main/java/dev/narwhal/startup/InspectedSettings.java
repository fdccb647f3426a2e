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
 * The settings as a server with the same command line, environment and directory would find them, to be looked at without
 * starting one: all that is wrong, and not only the first. Nothing is logged, not even to a file that the settings name.
 */
public final class InspectedSettings {

    private final ConfigurableEnvironment environment;

    private InspectedSettings(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /**
     * @param arguments those of the server, such as {@code --narwhal.data-dir=/srv/narwhal}
     * @throws RuntimeException when not even names and values can be read, for {@link #explain}
     */
    public static InspectedSettings read(String... arguments) {
        try (var context = new Inspection().run(arguments)) {
            return new InspectedSettings(context.getEnvironment());
        }
    }

    public ConfigurableEnvironment environment() {
        return environment;
    }

    /** One sentence for each name that is no setting, and for each value that is not allowed. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(UnknownSettings.all(environment));
        EarlyCheck.all(environment).forEach(check -> collect(problems, check));
        return List.copyOf(problems);
    }

    /** Empty when it is among the {@link #problems()}. */
    public <T> Optional<T> bind(Class<T> record) {
        try {
            return Optional.of(EarlyCheck.bind(environment, record));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Why something that a server does at its start has failed, in one sentence. */
    public String explain(Throwable failure) {
        return StartFailure.explain(failure, environment).orElseGet(() -> Redaction.failure(failure));
    }

    /** The same for settings that could not even be read. */
    public static String explainUnread(Throwable failure) {
        return StartFailure.explain(failure, null).orElseGet(() -> Redaction.failure(failure));
    }

    /** A JDBC URL as others may see it: without what may be a password. */
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

    /** A start that ends once the settings are read. What is unknown among them is asked for afterwards, and not thrown. */
    static final class Inspection extends SpringApplication {

        /** Also the log that the settings name stays as it is: a running server may be writing it. */
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
