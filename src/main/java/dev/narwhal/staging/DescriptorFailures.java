package dev.narwhal.staging;

/** Whether something failed because the process, or the machine, may open no more files and connections. */
public final class DescriptorFailures {

    /** EMFILE is "Too many open files", ENFILE "Too many open files in system", in the locales that the server is run in. */
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
