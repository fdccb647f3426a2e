package dev.narwhal.api.docs;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Adds to the schemas of records what their components say: texts, which may be null, and that an answer has them all. */
final class DescribedRecords {

    private DescribedRecords() {}

    static void describe(OpenAPI api, Map<String, Class<?>> types) {
        Set<String> requests = requests(api);
        api.getComponents().getSchemas().forEach((name, schema) -> {
            Class<?> type = types.get(name);
            if (type != null && type.isRecord() && schema.getProperties() != null) {
                describe(schema, type, requests.contains(name));
            }
        });
    }

    private static Set<String> requests(OpenAPI api) {
        return api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .filter(operation -> operation.getRequestBody() != null)
                .flatMap(operation -> operation.getRequestBody().getContent().values().stream())
                .map(content -> String.valueOf(content.getSchema().get$ref()))
                .map(ref -> ref.substring(ref.lastIndexOf('/') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void describe(Schema<?> schema, Class<?> type, boolean request) {
        JavadocTexts texts = JavadocTexts.of(type);
        schema.setDescription(texts.ofRecord(type.getSimpleName()));
        for (RecordComponent component : type.getRecordComponents()) {
            Schema<?> property = schema.getProperties().get(component.getName());
            if (property == null) {
                continue;
            }
            if (!request && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                schema.getProperties().put(component.getName(), property = nullable(property));
            }
            property.setDescription(texts.ofComponent(type.getSimpleName(), component.getName()));
        }
        if (!request) {
            schema.setRequired(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .filter(schema.getProperties()::containsKey)
                    .sorted()
                    .toList());
        }
    }

    private static Schema<?> nullable(Schema<?> property) {
        if (property.get$ref() == null) {
            property.addType("null");
            return property;
        }
        Schema<Object> nothing = new Schema<>();
        nothing.addType("null");
        Schema<Object> either = new Schema<>();
        either.setAnyOf(List.of(property, nothing));
        return either;
    }
}
