package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class DeliveryLaneTest {

    private final Queue<Runnable> begun = new ArrayDeque<>();
    private final List<List<TakenDelivery>> batches = new ArrayList<>();

    private final DeliveryLane lane = new DeliveryLane(3, 2, begun::add, batches::add);

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            UploadId id = UploadId.random();
            DeliveryRow row = new DeliveryRow(id, "default", "key", null, 1, DeliveryStatus.SENDING, 1, 0, null, null);
            lane.add(new TakenDelivery(UploadBuilder.upload().id(id).build(), row, attempt(row), true));
        }
    }

    @SuppressWarnings("NullAway") // never asked for its rows
    private static DeliveryAttempt attempt(DeliveryRow row) {
        return DeliveryAttempt.taken(null, row);
    }

    private List<Integer> sizes() {
        return batches.stream().map(List::size).toList();
    }

    @Test
    void add_whileAWorkerIsBusy_wakesNoOther() {
        add(2);

        assertThat(begun).hasSize(1);
        begun.remove().run();
        assertThat(sizes()).containsExactly(2);
    }

    @Test
    void add_aWholeBatchWaits_wakesAnother_butNoThird() {
        add(2);
        assertThat(begun).hasSize(1);
        add(8);
        assertThat(begun).hasSize(2);

        begun.remove().run();
        begun.remove().run();

        assertThat(sizes()).containsExactly(3, 3, 3, 1);
    }

    @Test
    void add_afterTheWorkerHasEnded_beginsAgain() {
        add(1);
        begun.remove().run();
        add(1);
        begun.remove().run();

        assertThat(sizes()).containsExactly(1, 1);
        assertThat(begun).isEmpty();
    }
}
