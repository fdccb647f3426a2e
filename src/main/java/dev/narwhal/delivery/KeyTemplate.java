package dev.narwhal.delivery;

import dev.narwhal.naming.FileNames;
import dev.narwhal.upload.Upload;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds an upload's object key from a text with the placeholders {@code {id}}, {@code {filename}}, {@code {owner}}, {@code
 * {yyyy}}, {@code {MM}}, {@code {dd}} and {@code {meta.KEY}}. Values from clients can leave neither the destination nor the
 * template's own directories: see {@link KeySegments}.
 */
final class KeyTemplate {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Set<String> NAMES = Set.of("id", "filename", "owner", "yyyy", "MM", "dd");
    private static final String METADATA = "meta.";

    private final String template;

    KeyTemplate(String template) {
        this("narwhal.destination.key-template", template);
    }

    /**
     * @param property the setting's name, for error messages
     * @throws IllegalArgumentException with a sentence that names the property, for an unknown placeholder
     */
    KeyTemplate(String property, String template) {
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            requireKnown(property, template, matcher.group(1));
        }
        String text = matcher.replaceAll("");
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw invalid(property, template, "a brace has no partner");
        }
        this.template = template;
    }

    /** True when each upload has its own key. */
    boolean isUnique() {
        return template.contains("{id}");
    }

    /** The template as it was set. */
    @Override
    public String toString() {
        return template;
    }

    private static void requireKnown(String property, String template, String name) {
        boolean metadata = name.startsWith(METADATA) && name.length() > METADATA.length() && name.indexOf('/') < 0;
        if (!metadata && !NAMES.contains(name)) {
            throw invalid(property, template, "{" + name + "} is no placeholder");
        }
    }

    private static IllegalArgumentException invalid(String property, String template, String reason) {
        return new IllegalArgumentException(property + " is '" + template + "': " + reason
                + "; allowed: {id}, {filename}, {owner}, {yyyy}, {MM}, {dd} and {meta.KEY}");
    }

    /**
     * The key of an upload, the one that was agreed on or the template's, the same each time: segments of 1 to 255 bytes separated by {@code /}, at most 1,024 bytes in all.
     * Dates are those of the creation, in UTC. An upload without a file name uses its id as the file name.
     */
    String keyOf(Upload upload) {
        List<String> segments = new ArrayList<>();
        String agreed = upload.terms().objectKey();
        if (agreed != null) {
            for (String part : agreed.split("/")) {
                segments.addAll(KeySegments.clean(part, new BitSet()));
            }
            return KeySegments.join(segments, upload.id().value());
        }
        for (String part : template.split("/")) {
            segments.addAll(segments(part, upload));
        }
        return KeySegments.join(segments, upload.id().value());
    }

    private static List<String> segments(String part, Upload upload) {
        StringBuilder text = new StringBuilder();
        BitSet ofMetadata = new BitSet();
        Matcher placeholder = PLACEHOLDER.matcher(part);
        while (placeholder.find()) {
            placeholder.appendReplacement(text, "");
            int start = text.length();
            text.append(value(placeholder.group(1), upload));
            ofMetadata.set(start, text.length(), placeholder.group(1).startsWith(METADATA));
        }
        return KeySegments.clean(placeholder.appendTail(text).toString(), ofMetadata);
    }

    private static String value(String name, Upload upload) {
        return switch (name) {
            case "id" -> upload.id().value();
            case "filename" -> filename(upload);
            case "owner" -> KeySegments.withoutSeparators(upload.owner());
            case "yyyy", "MM", "dd" -> date(name, upload);
            default -> ClientMetadata.value(upload.metadata(), name.substring(METADATA.length()));
        };
    }

    private static String filename(Upload upload) {
        String filename = upload.filename();
        String name = filename == null ? "" : FileNames.clean(filename);
        return name.isEmpty() ? upload.id().value() : name;
    }

    private static String date(String pattern, Upload upload) {
        ZonedDateTime created = upload.createdAt().atZone(ZoneOffset.UTC);
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(created);
    }
}
