package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnQueueTest {

    private final TurnQueue<String> queue = new TurnQueue<>();

    private void add(String... elements) {
        for (String element : elements) {
            queue.add(element.substring(0, 1), element);
        }
    }

    @Test
    void take_empty_isEmpty() {
        assertThat(queue.take(3)).isEmpty();
    }

    @Test
    void take_oneOwner_inOrder() {
        add("a1", "a2", "a3");

        assertThat(queue.take(2)).containsExactly("a1", "a2");
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.take(2)).containsExactly("a3");
        assertThat(queue.size()).isZero();
        assertThat(queue.take(2)).isEmpty();
    }

    @Test
    void take_severalOwners_takeTurns() {
        add("a1", "a2", "a3", "b1", "c1", "b2");

        assertThat(queue.take(10)).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
    }

    @Test
    void take_turnsGoOnInTheNextBatch() {
        add("a1", "a2", "b1", "b2");

        assertThat(queue.take(1)).containsExactly("a1");
        assertThat(queue.take(1)).containsExactly("b1");
        add("c1");
        assertThat(queue.take(10)).containsExactly("a2", "b2", "c1");
    }
}
