package dev.narwhal.destination.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.ContentSource;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PartMemoryTest {

    @Test
    void tryTake_lendsWholeAlignedBuffers_andNoMoreThanAllowed() {
        PartMemory memory = new PartMemory(1);
        ByteBuffer taken = Objects.requireNonNull(memory.tryTake());
        assertThat(taken.capacity()).isEqualTo((int) PartBudget.PERMIT_BYTES);
        assertThat(taken.remaining()).isEqualTo((int) PartBudget.PERMIT_BYTES);
        assertThat(taken.alignmentOffset(0, ContentSource.ALIGNMENT)).isZero();
        assertThat(memory.tryTake()).isNull();
        assertThat(memory.lent()).isOne();
        taken.position(100).limit(200);
        memory.giveBack(taken);
        assertThat(memory.tryTake()).isSameAs(taken);
        assertThat(taken.remaining()).isEqualTo((int) PartBudget.PERMIT_BYTES);
    }

    @Test
    void tryTake_withoutMemory_givesNone() {
        assertThat(new PartMemory(0).tryTake()).isNull();
    }
}
