package dev.narwhal.destination.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationContract;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.TestContent;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A directory of Windows: it cannot be opened to sync it, and it cannot have every name. */
class DirectoryOnWindowsTest {

    private final FileSystem windows = Jimfs.newFileSystem(Configuration.windows());
    private Path root;
    private Destination destination;

    @BeforeEach
    void open() throws IOException {
        root = windows.getPath("C:\\narwhal\\files");
        destination = new DirectoryDestination(new DirectoryRoot(root, Optional.empty()), 0);
    }

    @AfterEach
    void close() throws IOException {
        windows.close();
    }

    private static DeliveryJob job(String key) {
        return new DeliveryJob(
                DestinationContract.newId(), key, PartPlan.of(10), null, null, Map.of(), OnConflict.FAIL, 1);
    }

    @Test
    void deliver_works() throws Exception {
        MemoryJournal journal = new MemoryJournal();
        TestContent content = TestContent.random(10);

        DeliveryReceipt receipt = destination.deliver(job("uploads/1/file.txt"), content, journal);

        assertThat(receipt.verifiedBy()).isEqualTo(Verification.READ_BACK_CRC32);
        assertThat(root.resolve("uploads\\1\\file.txt")).hasBinaryContent(content.bytes());
        assertThat(destination.read("uploads/1/file.txt", 0, 10).readAllBytes()).isEqualTo(content.bytes());
        assertThat(journal.key()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uploads/1/a:b.txt|uploads/1/a_b.txt",
                "uploads/1/x?.pdf|uploads/1/x_.pdf",
                "a*/<b>/\"c\"|a_/_b_/_c_",
            })
    void deliver_nameThatWindowsCannotHave_getsAnother(String key, String expected) throws Exception {
        MemoryJournal journal = new MemoryJournal();

        DeliveryReceipt receipt = destination.deliver(job(key), TestContent.random(10), journal);

        assertThat(receipt.key()).isEqualTo(expected);
        assertThat(journal.key()).isEqualTo(expected);
        assertThat(destination.read(expected, 0, 10).readAllBytes()).hasSize(10);
        assertThatThrownBy(() -> destination.read(key, 0, 10)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void abandon_ofANameThatCannotBe_isDone() throws Exception {
        destination.abandon(job("uploads/1/a:b.txt"), new MemoryJournal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:b.txt|a_b.txt",
                "a/b.|a/b_",
                "aux/x|_aux/x",
                "Grüße/文書.txt|Gr__e/__.txt",
                "plain/name.txt|",
            })
    void instead_isTheSameEachTime(String key, String expected) {
        assertThat(DirectoryNames.instead(key)).isEqualTo(Optional.ofNullable(expected));
    }
}
