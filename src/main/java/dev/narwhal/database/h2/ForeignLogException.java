package dev.narwhal.database.h2;

/** The log beside a file does not belong to it. Nothing was changed; the operator must decide which of the two to keep. */
public final class ForeignLogException extends IllegalStateException {

    ForeignLogException(String file) {
        super("the log " + file + AtomicFilePath.LOG + " does not fit the database file " + file
                + " beside it: another program has changed that file, or one of the two was restored without"
                + " the other, and to do what the log says would destroy the database. Restore both from the"
                + " same backup; or, if the file is the one that you want, remove the log, and start again."
                + " Nothing was changed below narwhal.data-dir");
    }

    ForeignLogException(String file, String mark) {
        super("the log " + file + AtomicFilePath.LOG + " beside the database begins with '" + mark
                + "', which this version does not know: start the version of Narwhal that wrote it, and stop it in"
                + " good order, or restore a backup below narwhal.data-dir");
    }
}
