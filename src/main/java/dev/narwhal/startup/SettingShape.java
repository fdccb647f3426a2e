package dev.narwhal.startup;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * A setting's name and type: below a record are its components' names, below a list numbers, below a map the user's own
 * names.
 */
record SettingShape(String name, Type type) {

    /** The shape of a whole {@code XxxProperties} record. */
    static SettingShape of(Class<?> record) {
        return new SettingShape(
                record.getAnnotation(ConfigurationProperties.class).value(), record);
    }

    /** The names of all settings with a value, including those below this name. */
    Stream<String> names() {
        return isRecord() ? components().flatMap(SettingShape::names) : Stream.of(name);
    }

    /** The names with elements below them. */
    Stream<String> openNames() {
        if (isRecord()) {
            return components().flatMap(SettingShape::openNames);
        }
        return type instanceof ParameterizedType ? Stream.of(name) : Stream.empty();
    }

    private boolean isRecord() {
        return type instanceof Class<?> c && c.isRecord();
    }

    private Stream<SettingShape> components() {
        return Stream.of(((Class<?>) type).getRecordComponents()).map(this::below);
    }

    private SettingShape below(RecordComponent component) {
        String dashed = DataObjectPropertyName.toDashedForm(component.getName());
        return new SettingShape(name + "." + dashed, component.getGenericType());
    }

    /** Whether the user may set a value under this name. */
    boolean hasSetting(ConfigurationPropertyName wanted) {
        ConfigurationPropertyName own = ConfigurationPropertyName.of(name);
        if (own.equals(wanted)) {
            return !isRecord();
        }
        if (!own.isAncestorOf(wanted)) {
            return false;
        }
        return isRecord()
                ? components().anyMatch(component -> component.hasSetting(wanted))
                : hasElement(wanted, own.getNumberOfElements());
    }

    private boolean hasElement(ConfigurationPropertyName wanted, int at) {
        if (!(type instanceof ParameterizedType generic) || !(generic.getRawType() instanceof Class<?> raw)) {
            return false;
        }
        SettingShape element = new SettingShape(
                wanted.chop(at + 1).toString(),
                generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]);
        if (Collection.class.isAssignableFrom(raw)) {
            return wanted.isNumericIndex(at) && element.hasSetting(wanted);
        }
        // A map's key may contain dots, unless its values have names below.
        return Map.class.isAssignableFrom(raw) && (!element.isRecord() || element.hasSetting(wanted));
    }
}
