package dev.narwhal.startup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.env.Environment;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Explains a failed start in one sentence for the operator: the setting, its value, and the allowed values. */
final class StartFailure {

    /**
     * A message that names a setting is a feature's own sentence about it. The pattern excludes class names, which have
     * more before that.
     */
    private static final Pattern NAMES_A_SETTING = Pattern.compile("(?<![\\w.])narwhal\\.[a-z][a-z0-9-]*");

    private StartFailure() {}

    /** Empty for an unexpected failure, which needs its stack trace. */
    static Optional<String> explain(Throwable failure, @Nullable Environment environment) {
        List<Throwable> chain = chain(failure);
        return Stream.<Optional<String>>of(
                        ownSentence(chain),
                        first(chain, BindException.class).flatMap(WrongValue::explain),
                        first(chain, MarkedYAMLException.class).map(StartFailure::malformed),
                        first(chain, PortInUseException.class).map(e -> portInUse(e.getPort())),
                        UnreachableAddress.explain(chain, environment),
                        UnreachableDatabase.explain(chain, environment))
                .flatMap(Optional::stream)
                .findFirst()
                .map(sentence -> first(chain, BindException.class)
                        .map(e -> WrongValue.underItsName(e.getName(), sentence))
                        .orElse(sentence))
                .map(StartFailure::onOneLine);
    }

    private static Optional<String> ownSentence(List<Throwable> chain) {
        return chain.stream()
                .filter(cause -> cause instanceof WrongSettingException || namesASetting(cause))
                .map(Throwable::getMessage)
                .findFirst();
    }

    private static boolean namesASetting(Throwable cause) {
        return (cause instanceof IllegalArgumentException || cause instanceof IllegalStateException)
                && cause.getMessage() != null
                && NAMES_A_SETTING.matcher(cause.getMessage()).find();
    }

    /** The loader does not report the file's name. */
    private static String malformed(MarkedYAMLException e) {
        String place = e.getProblemMark() == null
                ? ""
                : " in line " + (e.getProblemMark().getLine() + 1) + ", column "
                        + (e.getProblemMark().getColumn() + 1);
        return "a settings file (application.yaml) is not YAML" + place + ": " + e.getProblem();
    }

    private static String portInUse(int port) {
        return "port " + port
                + " is in use: stop the program that listens on it, or choose another one with server.port,"
                + " for instance --server.port=" + (port + 1);
    }

    /** From the outermost cause to the innermost; stops at a cycle. */
    private static List<Throwable> chain(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    static <T extends Throwable> Optional<T> first(List<Throwable> chain, Class<T> type) {
        return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static String onOneLine(String sentence) {
        return sentence.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
