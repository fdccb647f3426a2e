package dev.narwhal.startup;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Stops the start at a setting that does not exist. Otherwise a misspelt limit would silently be no limit, and the
 * operator would notice too late.
 *
 * <p>Compares environment variables by their own names: {@code NARWHAL_UPLOAD_MAX_SIZE} does not show where the dots of
 * a setting's name were.
 */
final class UnknownSettings implements EnvironmentPostProcessor, Ordered {

    static final String ROOT = "narwhal";

    private static final ConfigurationPropertyName ABOVE_ALL = ConfigurationPropertyName.of(ROOT);
    private static final String VARIABLE_ROOT = "NARWHAL_";

    /**
     * Variables that Kubernetes and Docker links add to every container beside a service named {@code narwhal} or
     * {@code narwhal-something}. They are not settings.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "NARWHAL_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|NAME|ENV_.+)");

    private static final Pattern SERVICE_LINK_PORT = Pattern.compile("NARWHAL_(.*_)?PORT");

    /** After all processors that may add property sources. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    /** @throws WrongSettingException at the first unknown name */
    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (application instanceof InspectedSettings.Inspection) {
            return;
        }
        unknown(environment).findFirst().ifPresent(sentence -> {
            throw new WrongSettingException(sentence);
        });
    }

    /** A sentence for each unknown name. */
    static List<String> all(ConfigurableEnvironment environment) {
        return unknown(environment).distinct().toList();
    }

    private static Stream<String> unknown(ConfigurableEnvironment environment) {
        KnownSettings known = KnownSettings.ours();
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .flatMap(source -> unknown(source, known));
    }

    private static Stream<String> unknown(ConfigurationPropertySource source, KnownSettings known) {
        if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variables) {
            return unknownVariables(variables, known);
        }
        return source instanceof IterableConfigurationPropertySource names
                ? unknownNames(names, known)
                : Stream.empty();
    }

    private static Stream<String> unknownNames(IterableConfigurationPropertySource source, KnownSettings known) {
        return source.stream()
                .filter(name -> ABOVE_ALL.isAncestorOf(name) && !known.knows(name))
                .filter(name -> !(known.isSection(name) && isEmpty(source, name)))
                .map(name -> unknown(name.toString(), value(source, name), known.nearest(name)));
    }

    private static boolean isEmpty(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        return value(source, name).isEmpty();
    }

    private static String value(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        return property == null ? "" : String.valueOf(property.getValue());
    }

    private static Stream<String> unknownVariables(SystemEnvironmentPropertySource source, KnownSettings known) {
        return Stream.of(source.getPropertyNames())
                .filter(variable -> variable.startsWith(VARIABLE_ROOT) && !known.knowsVariable(variable))
                .filter(variable -> !isServiceLink(variable, text(source, variable)))
                .map(variable -> unknown(variable, text(source, variable), known.nearestVariable(variable)));
    }

    private static String text(SystemEnvironmentPropertySource source, String variable) {
        return String.valueOf(source.getProperty(variable));
    }

    private static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || (SERVICE_LINK_PORT.matcher(variable).matches() && value.contains("://"));
    }

    private static String unknown(String name, String value, Optional<String> nearest) {
        String advice = nearest.map(meant -> "did you mean " + meant + "?")
                .orElse("docs/configuration.md lists the settings there are.");
        return name + " is " + Redaction.value(name, value) + ", but there is no such setting: " + advice;
    }
}
