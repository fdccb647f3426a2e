package dev.narwhal.upload;

import java.nio.file.Path;
import java.time.Clock;

/**
 * Creates uploads and moves their offsets from several threads until it is killed, and says on its output what is durable:
 * a line with the id and the offset for each change that has returned.
 */
final class CommittingProcess {

    private static final int THREADS = 4;

    private CommittingProcess() {}

    public static void main(String[] arguments) throws Exception {
        try (TestDatabase database = TestDatabase.h2(Path.of(arguments[0]))) {
            UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
            Race.run(THREADS, thread -> {
                while (true) {
                    acknowledge(uploads.create(UploadBuilder.upload().build()), uploads);
                }
            });
        }
    }

    private static void acknowledge(Upload created, UploadRepository uploads) {
        Upload row = created;
        say(row);
        for (long offset = 1; offset <= 3; offset++) {
            row = uploads.advance(row, offset, 1).orElseThrow();
            say(row);
        }
    }

    /** In one piece, so that the lines of several threads do not mix. */
    private static void say(Upload row) {
        System.out.print(row.id() + " " + row.offset() + "\n");
        System.out.flush();
    }
}
