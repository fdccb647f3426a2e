package dev.narwhal.api.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts of a source's Javadoc, as far as the description of the API shows them. */
final class JavadocTexts {

    private static final Pattern TAG = Pattern.compile("\\{@\\w+ ([^}]*)}");

    private final String source;

    private JavadocTexts(String source) {
        this.source = source;
    }

    static JavadocTexts of(Class<?> type) {
        Class<?> outermost = type;
        while (outermost.getEnclosingClass() != null) {
            outermost = outermost.getEnclosingClass();
        }
        Path file = Path.of("src/main/java", outermost.getName().replace('.', '/') + ".java");
        try {
            return new JavadocTexts(Files.exists(file) ? Files.readString(file) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text before the first tag. */
    @Nullable
    String ofMethod(String method) {
        return untagged(before(declaration(method)));
    }

    @Nullable
    String ofParameter(String method, String parameter) {
        return tagged(before(declaration(method)), parameter);
    }

    @Nullable
    String ofRecord(String name) {
        return untagged(before(Pattern.compile("\\brecord " + name + "\\b")));
    }

    @Nullable
    String ofComponent(String name, String component) {
        return tagged(before(Pattern.compile("\\brecord " + name + "\\b")), component);
    }

    private static Pattern declaration(String method) {
        return Pattern.compile("(?m)^    (public )?[\\w<>., @]+ " + method + "\\(");
    }

    /** The comment right before the declaration: nothing but annotations between them. */
    private String before(Pattern declaration) {
        Matcher found = declaration.matcher(source);
        if (!found.find()) {
            return "";
        }
        int end = source.lastIndexOf("*/", found.start());
        int begin = end < 0 ? -1 : source.lastIndexOf("/**", end);
        if (begin < 0 || source.substring(end + 2, found.start()).contains(";")) {
            return "";
        }
        return source.substring(begin + 3, end).replaceAll("(?m)^\\s*\\* ?", "");
    }

    private static @Nullable String untagged(String comment) {
        return clean(comment.split("(?m)^\\s*@\\w+", 2)[0]);
    }

    private static @Nullable String tagged(String comment, String parameter) {
        Matcher found = Pattern.compile("(?ms)^\\s*@param " + Pattern.quote(parameter) + "\\s(.*?)(?=^\\s*@\\w|\\z)")
                .matcher(comment);
        return found.find() ? clean(found.group(1)) : null;
    }

    private static @Nullable String clean(String text) {
        String plain = TAG.matcher(text)
                .replaceAll("$1")
                .replaceAll("<[^>]+>", "")
                .replaceAll("\\s+", " ")
                .strip();
        return plain.isEmpty() ? null : plain;
    }
}
