package dev.narwhal.startup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.json.JsonParserFactory;

/**
 * The names of all settings below {@code narwhal}, as the compiler found them in the {@code XxxProperties} records and
 * wrote them into the jar. So a setting is known as soon as its record exists.
 */
final class KnownSettings {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String PREFIX = "narwhal.";

    private final List<Setting> settings;
    private final List<Class<?>> records;

    private KnownSettings(List<Setting> settings, List<Class<?>> records) {
        this.settings = settings;
        this.records = records;
    }

    /** Reads what the compiler wrote; other libraries' metadata, which is everywhere on the class path, is left out. */
    static KnownSettings load(ClassLoader classes) {
        try {
            List<Setting> settings = new ArrayList<>();
            List<Class<?>> records = new ArrayList<>();
            for (URL url : Collections.list(classes.getResources(METADATA))) {
                Map<String, Object> metadata = read(url);
                entries(metadata, "properties").map(Setting::of).forEach(settings::add);
                entries(metadata, "groups")
                        .flatMap(group -> record(group, classes))
                        .forEach(records::add);
            }
            return new KnownSettings(List.copyOf(settings), List.copyOf(records));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> read(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return JsonParserFactory.getJsonParser().parseMap(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Stream<Map<?, ?>> entries(Map<String, Object> metadata, String list) {
        return ((List<?>) metadata.getOrDefault(list, List.of()))
                .stream().<Map<?, ?>>map(entry -> (Map<?, ?>) entry).filter(KnownSettings::isOurs);
    }

    private static boolean isOurs(Map<?, ?> entry) {
        return (entry.get("name") + ".").startsWith(PREFIX);
    }

    /** A group is a record, or what one is nested in: only the former says where its settings begin. */
    private static Stream<Class<?>> record(Map<?, ?> group, ClassLoader classes) {
        try {
            Class<?> type = Class.forName(String.valueOf(group.get("type")), false, classes);
            return type.isAnnotationPresent(ConfigurationProperties.class) ? Stream.of(type) : Stream.empty();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The compiler named a class that is not there", e);
        }
    }

    /** The {@code XxxProperties} that the settings are bound to. */
    List<Class<?>> records() {
        return records;
    }

    /** Names in their canonical form, such as {@code narwhal.upload.max-size}. */
    List<String> names() {
        return settings.stream().map(Setting::name).sorted().toList();
    }

    /** True for a setting, and for what may be said of an element of one that is a list or a map. */
    boolean knows(ConfigurationPropertyName name) {
        return settings.stream().anyMatch(setting -> setting.covers(name));
    }

    /** True for a name that has settings below it: YAML gives an empty section as an empty value. */
    boolean isSection(ConfigurationPropertyName name) {
        return settings.stream().anyMatch(setting -> name.isAncestorOf(setting.path()));
    }

    /** True for an environment variable that sets something, with dashes left out or written as underscores. */
    boolean knowsVariable(String variable) {
        String whole = variable.replaceFirst("(_[0-9]+)+_?$", "");
        return settings.stream().anyMatch(setting -> setting.isVariable(whole) || setting.isVariable(variable));
    }

    /** The setting that was probably meant. */
    Optional<String> nearest(ConfigurationPropertyName name) {
        String last = name.getLastElement(Form.UNIFORM);
        return nearest(name.toString(), Setting::name)
                .or(() -> only(settings.stream()
                        .filter(setting ->
                                setting.path().getLastElement(Form.UNIFORM).equals(last))
                        .map(Setting::name)));
    }

    /** The environment variable that was probably meant. */
    Optional<String> nearestVariable(String variable) {
        return nearest(variable, Setting::variable);
    }

    private Optional<String> nearest(String written, Function<Setting, String> form) {
        return settings.stream()
                .map(form)
                .min(Comparator.comparingInt(candidate -> Spelling.distance(written, candidate)))
                .filter(candidate -> Spelling.isSlip(written, candidate));
    }

    private static Optional<String> only(Stream<String> candidates) {
        List<String> found = candidates.limit(2).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private record Setting(String name, Type type) {

        static Setting of(Map<?, ?> property) {
            String name = String.valueOf(property.get("name"));
            return new Setting(name, typeOf(name, String.valueOf(property.get("sourceType"))));
        }

        private static Type typeOf(String name, String record) {
            String last = ConfigurationPropertyName.of(name).getLastElement(Form.UNIFORM);
            try {
                Class<?> source = Class.forName(record, false, KnownSettings.class.getClassLoader());
                return SettingShape.ofComponent(source, last).orElse(String.class);
            } catch (ClassNotFoundException e) {
                return String.class;
            }
        }

        ConfigurationPropertyName path() {
            return ConfigurationPropertyName.of(name);
        }

        boolean covers(ConfigurationPropertyName wanted) {
            ConfigurationPropertyName path = path();
            return path.equals(wanted)
                    || path.isAncestorOf(wanted) && SettingShape.leads(type, wanted, path.getNumberOfElements());
        }

        boolean isVariable(String written) {
            return Stream.of(variable(), withoutDashes())
                    .anyMatch(form -> written.equals(form) || (isNested() && written.startsWith(form + "_")));
        }

        /** True where the names of elements are the user's own, or are those of a record's components. */
        private boolean isNested() {
            return type instanceof ParameterizedType;
        }

        String variable() {
            return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        }

        private String withoutDashes() {
            return name.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
        }
    }
}
