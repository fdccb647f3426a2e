package dev.narwhal.startup;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/** Every setting that the code has, with its default: from the properties records, and from application.yaml over them. */
final class DeclaredSettings {

    private static final String NONE = "";

    private DeclaredSettings() {}

    /** Name to default, the empty text where there is none. Lists of several values are joined by commas. */
    static SortedMap<String, String> withDefaults() throws IOException {
        SortedMap<String, String> settings = new TreeMap<>();
        PropertySource<?> yaml = new YamlPropertySourceLoader()
                .load("application.yaml", new ClassPathResource("application.yaml"))
                .getFirst();
        for (Map<?, ?> property : properties()) {
            String name = String.valueOf(property.get("name"));
            Object value = yaml.containsProperty(name) ? yaml.getProperty(name) : property.get("defaultValue");
            settings.put(name, text(value));
        }
        return settings;
    }

    /** What the record itself says. */
    static String recordDefault(String name) throws IOException {
        return properties().stream()
                .filter(property -> name.equals(property.get("name")))
                .map(property -> text(property.get("defaultValue")))
                .findFirst()
                .orElseThrow();
    }

    /** Name to what an IDE shows for it. */
    static SortedMap<String, String> withDescriptions() throws IOException {
        SortedMap<String, String> settings = new TreeMap<>();
        for (Map<?, ?> property : properties()) {
            settings.put(String.valueOf(property.get("name")), text(property.get("description")));
        }
        return settings;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return String.join(",", list.stream().map(String::valueOf).toList());
        }
        return value == null ? NONE : String.valueOf(value);
    }

    private static List<Map<?, ?>> properties() throws IOException {
        List<Map<?, ?>> found = new ArrayList<>();
        for (URL url : Collections.list(
                DeclaredSettings.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                for (Object property : (List<?>)
                        JsonParserFactory.getJsonParser().parseMap(json).getOrDefault("properties", List.of())) {
                    Map<?, ?> map = (Map<?, ?>) property;
                    if (String.valueOf(map.get("name")).startsWith("narwhal.")) {
                        found.add(map);
                    }
                }
            }
        }
        return found;
    }
}
