package dev.narwhal.startup;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Which names there are below a setting that is a list, a map, or made of records: the compiler's list ends above them. */
final class SettingShape {

    private SettingShape() {}

    /** The type of the component that a setting is bound to; empty when {@code record} has none of that name. */
    static Optional<Type> ofComponent(Class<?> record, String uniformName) {
        RecordComponent[] components = record.isRecord() ? record.getRecordComponents() : new RecordComponent[0];
        return Arrays.stream(components)
                .filter(component ->
                        component.getName().toLowerCase(Locale.ROOT).equals(uniformName))
                .map(RecordComponent::getGenericType)
                .findFirst();
    }

    /** True when the elements of {@code name} from {@code from} on lead somewhere in a value of this type. */
    static boolean leads(Type type, ConfigurationPropertyName name, int from) {
        if (from == name.getNumberOfElements()) {
            return true;
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            if (Collection.class.isAssignableFrom(raw)) {
                return name.isNumericIndex(from) && leads(generic.getActualTypeArguments()[0], name, from + 1);
            }
            if (Map.class.isAssignableFrom(raw)) {
                Type value = generic.getActualTypeArguments()[1];
                return !isRecord(value) || leads(value, name, from + 1);
            }
        }
        return isRecord(type)
                && ofComponent((Class<?>) type, name.getElement(from, Form.UNIFORM))
                        .filter(component -> leads(component, name, from + 1))
                        .isPresent();
    }

    private static boolean isRecord(Type type) {
        return type instanceof Class<?> c && c.isRecord();
    }
}
