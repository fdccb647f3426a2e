package dev.narwhal.faults;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.nio.file.Path;

class H2RandomSequencesIT extends RandomSequencesContract {

    @Override
    NarwhalProcess start(Path dataDir) throws IOException {
        return NarwhalProcess.start(dataDir);
    }

    @Override
    void stopDatabase() {
        // It died with the server.
    }
}
