package dev.narwhal.destination.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationContract;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.MemoryJournal;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.TestContent;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store of objects does that is sent parts, over a wire that is watched and spoilt. */
public abstract class ObjectStoreContract extends DestinationContract {

    /** Numbers of the parts that have gone over the wire. */
    protected abstract List<Integer> sentParts();

    /** The object of that length is made, once, and the answer that would say so does not arrive. */
    protected abstract void loseTheAnswerThatMakes(int length);

    /** Nobody can see what is there. */
    protected abstract void failLooks();

    /** What was sent so far, and what is to be spoilt. */
    protected abstract void forget();

    /** All parts are there, and nobody knows more than that. */
    protected MemoryJournal stoppedBeforeItsCommit(DeliveryJob job, TestContent content) throws IOException {
        MemoryJournal journal = new MemoryJournal().refusingCompletion();
        assertThatThrownBy(() -> destination().deliver(job, content, journal))
                .isInstanceOf(DeliveryStoppedException.class);
        assertThat(leftovers()).hasSize(1);
        forget();
        return journal.nextAttempt();
    }

    @Test
    void deliver_resumed_sendsOnlyWhatIsMissing() throws Exception {
        int length = 4 * PART;
        TestContent content = content(length);
        MemoryJournal journal = new MemoryJournal().displacedAfterParts(2);
        DeliveryJob job = job(ownKey(), length);
        assertThatThrownBy(() -> destination().deliver(job, content, journal))
                .isInstanceOf(DeliveryStoppedException.class);
        MemoryJournal next = journal.nextAttempt();
        List<Integer> arrived = next.parts().stream().map(SentPart::number).toList();
        assertThat(arrived).hasSize(2);
        forget();

        destination().deliver(again(job), content, next);

        assertThat(sentParts()).hasSize(2).doesNotContainAnyElementsOf(arrived);
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(next.handles).hasSize(1);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void deliver_partUnknownToTheJournal_isSentAgain() throws Exception {
        DeliveryJob job = job(ownKey(), 2 * PART);
        TestContent content = content(2 * PART);
        MemoryJournal next = stoppedBeforeItsCommit(job, content);
        next.forgetPart(1);

        destination().deliver(again(job), content, next);

        assertThat(sentParts()).containsExactly(1);
        assertThat(stored(ownKey(), 2 * PART)).isEqualTo(content.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2 * PART})
    void deliver_answerLost_adopts(int length) throws Exception {
        TestContent content = content(length);
        loseTheAnswerThatMakes(length);

        DeliveryReceipt receipt = destination().deliver(job(ownKey(), length), content, new MemoryJournal());

        assertThat(receipt.adopted()).isTrue();
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void deliver_answerLostAndProcessDied_adoptsInTheNextAttempt() throws Exception {
        int length = 2 * PART;
        TestContent content = content(length);
        DeliveryJob job = job(ownKey(), length);
        MemoryJournal journal = new MemoryJournal();
        loseTheAnswerThatMakes(length);
        failLooks();
        DestinationException failure = failureOf(() -> destination().deliver(job, content, journal));
        assertThat(failure.failure()).isEqualTo(Failure.RETRYABLE);
        forget();

        DeliveryReceipt receipt = destination().deliver(again(job), content, journal.nextAttempt());

        assertThat(receipt.adopted()).isTrue();
        assertThat(sentParts()).isEmpty();
        assertThat(stored(ownKey(), length)).isEqualTo(content.bytes());
    }

    /** Of an upload that nobody has tried to deliver yet. */
    protected DestinationException failureToDeliver(int length) {
        return failureOf(() -> destination().deliver(job(ownKey(), length), content(length), new MemoryJournal()));
    }
}
