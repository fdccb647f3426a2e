package dev.narwhal.client.launcher;

/**
 * Where the jar starts. Compiled for Java 8, and loads everything else by name, so that an older Java gets one sentence
 * instead of the stack trace of a class that it cannot read.
 */
public final class Launcher {

    private static final int OLDEST_JAVA = 21;
    private static final String CLIENT = "dev.narwhal.client.NarwhalClient";

    private Launcher() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        String refusal = refusal(System.getProperty("java.specification.version", ""));
        if (!refusal.isEmpty()) {
            System.err.println(refusal);
            System.exit(1);
        }
        Class.forName(CLIENT).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }

    /** Empty when the client runs on this Java ({@code 1.8}, {@code 17}, {@code 21}); otherwise what to say. */
    static String refusal(String specification) {
        return feature(specification) >= OLDEST_JAVA
                ? ""
                : "narwhal-client needs Java " + OLDEST_JAVA + " or newer, and this is Java " + specification + ".";
    }

    private static int feature(String specification) {
        try {
            return (int) Double.parseDouble(specification);
        } catch (NumberFormatException unknown) {
            return 0;
        }
    }
}
