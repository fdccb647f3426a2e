package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report at start about uploads that the previous process left. */
@Tag("process")
class RecoveryReportIT {

    @TempDir
    private Path directory;

    @Test
    void start_afterACrash_saysWhatIsOpen() throws Exception {
        Path data = directory.resolve("data");
        try (NarwhalProcess server = NarwhalProcess.start(data);
                PlainTus tus = new PlainTus()) {
            URI longer = tus.create(server.uploads(), 100, "a.bin");
            tus.patch(longer, 0, new byte[30]);
            URI missing = tus.create(server.uploads(), 100, "b.bin");
            tus.patch(missing, 0, new byte[12]);
            URI withoutAByte = tus.create(server.uploads(), 100, "c.bin");
            server.kill();
            assertThat(staged(data, withoutAByte)).doesNotExist();
            Files.write(staged(data, longer), new byte[8], StandardOpenOption.APPEND);
            Files.delete(staged(data, missing));

            server.restart();

            assertThat(server.log())
                    .contains(
                            "recovery.found unfinished=3 bytes=42 expired-while-away=0 waiting-for-delivery=0 failed=0"
                                    + " files-looked-at=3 with-unrecorded-bytes=1 (8 bytes, cut at the next append) took=")
                    .contains("recovery.damaged uploads=1 ");
            assertThat(tus.offset(longer)).isEqualTo(30);
            assertThat(tus.offset(withoutAByte)).isZero();
            assertThat(staged(data, longer)).hasSize(38);
        }
    }

    private static Path staged(Path data, URI upload) {
        String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
        return data.resolve("staging").resolve(id.substring(0, 2)).resolve(id);
    }
}
