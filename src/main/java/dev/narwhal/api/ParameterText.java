package dev.narwhal.api;

import java.util.Locale;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;

/** Names in parameters: those of Java's enums in any case, with a hyphen for an underscore. */
final class ParameterText implements ConverterFactory<String, Enum> {

    private static final int LONGEST_QUOTED = 60;

    /** As an error names it. */
    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A value of the client's in a sentence: short, and without control characters. */
    static String quoted(String value) {
        String text = value.length() > LONGEST_QUOTED ? value.substring(0, LONGEST_QUOTED) + "…" : value;
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public <T extends Enum> Converter<String, T> getConverter(Class<T> type) {
        return text ->
                (T) Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
