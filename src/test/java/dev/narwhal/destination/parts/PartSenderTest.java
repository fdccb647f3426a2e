package dev.narwhal.destination.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.TestContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartSenderTest {

    private static final int PART = 5 << 20;

    private final PartBudget budget = new PartBudget(4);
    private final PartSender sender = new PartSender(budget);
    private final TestContent content = TestContent.random(3 * PART + 100_000);
    private final PartPlan plan = new PartPlan(content.length(), PART);

    @AfterEach
    void close() {
        assertThat(budget.memory().lent()).isZero();
        budget.close();
    }

    private SentPart sent(int number, ContentSource bytes) throws IOException {
        int crc = Crc32s.of(bytes, plan.position(number), plan.size(number));
        return new SentPart(number, plan.size(number), "etag", Crc32s.encode(crc));
    }

    private void sendAll() throws Exception {
        List<SentPart> parts = sender.send(plan, List.of(), content, this::sent, new MemoryJournal());
        assertThat(parts)
                .hasSize(4)
                .allSatisfy(part -> assertThat(part.crc32())
                        .isEqualTo(Crc32s.encode(Crc32s.of(content, plan.position(part.number()), part.size()))));
    }

    @Test
    void send_givesEachTransferItsPart() throws Exception {
        sendAll();
    }

    @Test
    void send_noMemoryIsLeft_readsTheContentItself() throws Exception {
        List<ByteBuffer> taken = new ArrayList<>();
        for (ByteBuffer memory = budget.memory().tryTake();
                memory != null;
                memory = budget.memory().tryTake()) {
            taken.add(memory);
        }
        assertThat(taken).hasSize(4);
        sendAll();
        taken.forEach(budget.memory()::giveBack);
    }

    @Test
    void send_aTransferFails_givesItsMemoryBack() {
        assertThatThrownBy(() -> sender.send(
                        plan,
                        List.of(),
                        content,
                        (number, bytes) -> {
                            throw new IllegalStateException("refused");
                        },
                        new MemoryJournal()))
                .hasMessage("refused");
    }
}
