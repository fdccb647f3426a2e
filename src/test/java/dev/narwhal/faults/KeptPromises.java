package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.faults.PowerLossWorkload.Plan;
import dev.narwhal.faults.RowsOnDisk.Row;
import dev.narwhal.faults.SimulatedDisk.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at a disk after a power cut: whether all that was promised before it is there, and no row promises more. */
final class KeptPromises {

    /** Where the server's data directory is below the disk's root. */
    static final Path DATA = Path.of("data");

    private final Map<String, Plan> plans;
    private final List<Acknowledgement> all;
    private final Map<String, String> names = new HashMap<>();
    private final Path scratch;

    /** @param all the acknowledgements of the whole run */
    KeptPromises(Map<String, Plan> plans, List<Acknowledgement> all, Path scratch) {
        this.plans = plans;
        this.all = all;
        this.scratch = scratch;
        all.forEach(told -> names.put(told.id(), told.upload()));
    }

    /** The uploads that the server has promised something about by then, each with the most that it has promised. */
    Map<String, Acknowledgement> until(int position) {
        Map<String, Acknowledgement> last = new HashMap<>();
        all.stream()
                .filter(told -> told.position() < position)
                .forEach(told -> last.merge(told.upload(), told, KeptPromises::more));
        return last;
    }

    private static Acknowledgement more(Acknowledgement one, Acknowledgement other) {
        if (one.gone() || other.gone()) {
            return one.gone() ? one : other;
        }
        return one.offset() > other.offset() ? one : other;
    }

    /** @param told what was promised before the cut */
    void assertOn(CutDisk disk, Iterable<Acknowledgement> told) throws Exception {
        Map<String, Row> rows = RowsOnDisk.of(disk, DATA, scratch);
        for (Acknowledgement promise : told) {
            assertKept(promise, rows.get(promise.id()));
        }
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            String name = names.get(row.getKey());
            if (name != null) {
                assertBytes(disk, row.getKey(), name, row.getValue());
            }
        }
    }

    private void assertKept(Acknowledgement promise, @Nullable Row row) {
        if (promise.gone()) {
            assertThat(row == null ? "TERMINATED" : row.state())
                    .as("state of " + promise)
                    .isEqualTo("TERMINATED");
            return;
        }
        if (row == null) {
            throw new AssertionError("There is no row of " + promise);
        }
        if (!plan(promise.upload()).deleted()) {
            assertThat(row.state()).as("state of " + promise).isNotIn("TERMINATED", "EXPIRED");
        }
        assertThat(row.offset()).as("offset of " + promise).isGreaterThanOrEqualTo(promise.offset());
    }

    private Plan plan(String name) {
        return Objects.requireNonNull(plans.get(name), name);
    }

    private void assertBytes(CutDisk disk, String id, String name, Row row) throws IOException {
        if (row.state().equals("TERMINATED")) {
            return;
        }
        byte[] content = plan(name).content();
        Optional<Node> staged =
                disk.find(DATA.resolve("staging").resolve(id.substring(0, 2)).resolve(id));
        Optional<Node> delivered =
                disk.find(DATA.resolve("delivered/uploads").resolve(id).resolve(name));
        String what = name + " " + id + " " + row;
        if (row.state().equals("DELIVERED")) {
            assertThat(delivered).as("delivered file of " + what).isPresent();
            assertThat(read(disk, delivered.get()))
                    .as("delivered file of " + what)
                    .isEqualTo(content);
        } else if (!name.equals("final") && row.offset() > 0) {
            assertThat(staged).as("staged file of " + what).isPresent();
            byte[] bytes = read(disk, staged.get());
            int offset = (int) row.offset();
            assertThat(bytes.length).as("length of the staged file of " + what).isGreaterThanOrEqualTo(offset);
            assertThat(Arrays.mismatch(bytes, 0, offset, content, 0, offset))
                    .as("first byte that differs in the staged file of " + what)
                    .isEqualTo(-1);
        }
    }

    private byte[] read(CutDisk disk, Node file) throws IOException {
        Path copy = Files.createTempDirectory(scratch, "file").resolve("copy");
        try {
            disk.writeFile(file, copy);
            return Files.readAllBytes(copy);
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(copy.getParent());
        }
    }
}
