package dev.narwhal.startup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.json.JsonParserFactory;

/**
 * The {@code XxxProperties} records, as the compiler lists them in the jar, and their settings. So a setting is known
 * as soon as its record exists.
 */
final class KnownSettings {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    /** To parse the libraries' files, which are large, would take a noticeable part of a start. */
    private static final String OURS = '"' + UnknownSettings.ROOT;

    /** Read once: two checks of a start ask for them. */
    private static final class Ours {
        private static final KnownSettings KNOWN = load(KnownSettings.class.getClassLoader());
    }

    private final List<Class<?>> records;
    private final List<SettingShape> shapes;

    private KnownSettings(List<Class<?>> records) {
        this.records = List.copyOf(records);
        this.shapes = records.stream().map(SettingShape::of).toList();
    }

    static KnownSettings ours() {
        return Ours.KNOWN;
    }

    private static KnownSettings load(ClassLoader classes) {
        try {
            List<Class<?>> records = new ArrayList<>();
            for (URL url : Collections.list(classes.getResources(METADATA))) {
                groups(url).flatMap(group -> record(group, classes)).forEach(records::add);
            }
            return new KnownSettings(records);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Map<?, ?>> groups(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!json.contains(OURS)) {
                return Stream.empty();
            }
            List<?> groups =
                    (List<?>) JsonParserFactory.getJsonParser().parseMap(json).getOrDefault("groups", List.of());
            return groups.stream().map(group -> (Map<?, ?>) group);
        }
    }

    /**
     * A group is a record or a record's enclosing type; only a record gives the prefix of its settings. Leaves out
     * libraries' groups.
     */
    private static Stream<Class<?>> record(Map<?, ?> group, ClassLoader classes) {
        String name = String.valueOf(group.get("name"));
        if (!name.equals(UnknownSettings.ROOT) && !name.startsWith(UnknownSettings.ROOT + ".")) {
            return Stream.empty();
        }
        try {
            Class<?> type = Class.forName(String.valueOf(group.get("type")), false, classes);
            return type.isAnnotationPresent(ConfigurationProperties.class) ? Stream.of(type) : Stream.empty();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The compiler named a class that is not there", e);
        }
    }

    /** The {@code XxxProperties} records of the settings. */
    List<Class<?>> records() {
        return records;
    }

    /**
     * Names in their canonical form, such as {@code narwhal.upload.max-size}; for lists and maps the part before the
     * elements.
     */
    List<String> names() {
        return shapes.stream().flatMap(SettingShape::names).sorted().toList();
    }

    /** True for a setting, and for a name within an element of a list or a map. */
    boolean knows(ConfigurationPropertyName name) {
        return shapes.stream().anyMatch(shape -> shape.hasSetting(name));
    }

    /** True for a name with settings below it: YAML represents an empty section as an empty value. */
    boolean isSection(ConfigurationPropertyName name) {
        return names().stream().map(ConfigurationPropertyName::of).anyMatch(name::isAncestorOf);
    }

    /** True for an environment variable of a setting, with dashes left out or written as underscores. */
    boolean knowsVariable(String variable) {
        String whole = variable.replaceFirst("(_[0-9]+)+_?$", "");
        Stream<String> forms =
                names().stream().flatMap(name -> Stream.of(variable(name), variable(name.replace("-", ""))));
        Stream<String> nested = shapes.stream()
                .flatMap(SettingShape::openNames)
                .flatMap(name -> Stream.of(variable(name), variable(name.replace("-", ""))));
        return forms.anyMatch(form -> form.equals(whole) || form.equals(variable))
                || nested.anyMatch(form -> whole.startsWith(form + "_"));
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The known setting with the most similar name, if it is similar enough. */
    Optional<String> nearest(ConfigurationPropertyName name) {
        String last = "." + name.getLastElement(ConfigurationPropertyName.Form.DASHED);
        return nearest(name.toString(), UnaryOperator.identity())
                .or(() -> only(names().stream().filter(known -> known.endsWith(last))));
    }

    /** The known environment variable with the most similar name, if it is similar enough. */
    Optional<String> nearestVariable(String variable) {
        return nearest(variable, KnownSettings::variable);
    }

    private Optional<String> nearest(String written, UnaryOperator<String> form) {
        return names().stream()
                .map(form)
                .min(Comparator.comparingInt(candidate -> Spelling.distance(written, candidate)))
                .filter(candidate -> Spelling.isLikelyTypo(written, candidate));
    }

    private static Optional<String> only(Stream<String> candidates) {
        List<String> found = candidates.limit(2).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
}
