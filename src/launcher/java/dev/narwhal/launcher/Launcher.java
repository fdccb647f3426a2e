package dev.narwhal.launcher;

import java.lang.reflect.InvocationTargetException;

/**
 * The jar's first class. It is compiled for Java 8, so that a Java that is too old to run Narwhal can still say so in one
 * line, where it would otherwise die of an UnsupportedClassVersionError. ServerLauncher is for Java 21, and therefore named
 * as a string only.
 */
public final class Launcher {

    private static final int OLDEST_JAVA = 21;

    private Launcher() {}

    public static void main(String[] args) throws Throwable {
        String found = System.getProperty("java.specification.version");
        if (feature(found) < OLDEST_JAVA) {
            System.err.println("Narwhal needs Java " + OLDEST_JAVA + " or newer, but was started by Java " + found
                    + " ("
                    + System.getProperty("java.home") + "): install a newer one (for example from https://adoptium.net)"
                    + " and start the jar with its bin/java.");
            System.exit(1);
        }
        launch(args);
    }

    /** Java 8 and older call themselves 1.8, 1.7; all others by their number. */
    private static int feature(String specification) {
        String number = specification.startsWith("1.") ? specification.substring(2) : specification;
        return Integer.parseInt(number);
    }

    private static void launch(String[] args) throws Throwable {
        try {
            Class.forName("dev.narwhal.launcher.ServerLauncher")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
