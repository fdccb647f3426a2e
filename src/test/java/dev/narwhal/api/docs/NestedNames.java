package dev.narwhal.api.docs;

import io.swagger.v3.core.jackson.TypeNameResolver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names schemas by their classes, and remembers which class a name stands for. */
final class NestedNames extends TypeNameResolver {

    static final Map<String, Class<?>> TYPES = new ConcurrentHashMap<>();

    @Override
    protected String getNameOfClass(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        String name = (outer == null ? "" : outer.getSimpleName().replace("Controller", "")) + type.getSimpleName();
        TYPES.put(name, type);
        return name;
    }
}
