package dev.narwhal.staging;

/** Recognises failures because the process, or the machine, may open no more files and connections. */
public final class DescriptorFailures {

    /**
     * The system's messages for EMFILE ("Too many open files") and ENFILE ("Too many open files in system") in the
     * usual locales.
     */
    private static final String WORDS = "Too many open files";

    private DescriptorFailures() {}

    public static boolean isOutOfDescriptors(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(WORDS)) {
                return true;
            }
        }
        return false;
    }
}
