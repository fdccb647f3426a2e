package dev.narwhal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DestinationProbeTest {

    private final Store store = new Store();

    @Test
    void storeThatIsWell_isLeftEmpty() {
        assertThat(findings()).containsExactly("deliver OK", "read back OK", "remove OK");
        assertThat(store.objects).isEmpty();
    }

    @Test
    void storeThatGivesOtherBytesBack_fails() {
        store.spoils = true;
        assertThat(findings()).containsExactly("deliver OK", "read back FAIL", "remove OK");
    }

    /** What has arrived although the answer said otherwise goes as well. */
    @Test
    void storeWhoseAnswerIsLost_fails_andIsLeftEmpty() {
        store.losesItsAnswer = true;
        assertThat(findings()).containsExactly("deliver FAIL", "remove OK");
        assertThat(store.objects).isEmpty();
    }

    @Test
    void storeThatRemovesNothing_fails() {
        store.keeps = true;
        assertThat(findings()).containsExactly("deliver OK", "read back OK", "remove FAIL");
    }

    @Test
    void storeThatIsAway_isToldOnce() {
        store.losesItsAnswer = true;
        store.keeps = true;
        assertThat(findings()).containsExactly("deliver FAIL");
    }

    private List<String> findings() {
        return new DestinationProbe("store", store, "")
                .findings().stream()
                        .map(found -> found.check().replace("store: ", "") + " " + found.verdict())
                        .toList();
    }

    private static final class Store implements Destination {

        private final Map<String, byte[]> objects = new HashMap<>();
        private boolean spoils;
        private boolean losesItsAnswer;
        private boolean keeps;

        @Override
        public String describe() {
            return "a store";
        }

        @Override
        public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
                throws DestinationException {
            ByteBuffer bytes = ByteBuffer.allocate((int) content.length());
            try {
                assertThat(content.read(bytes, 0)).isEqualTo(bytes.capacity());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            if (spoils) {
                bytes.put(0, (byte) '?');
            }
            objects.put(job.key(), bytes.array());
            if (losesItsAnswer) {
                throw new DestinationException(Failure.RETRYABLE, "no answer");
            }
            return new DeliveryReceipt(job.key(), null, Verification.READ_BACK_CRC32, false);
        }

        @Override
        public InputStream read(String key, long position, long length) {
            return new ByteArrayInputStream(Objects.requireNonNull(objects.get(key)));
        }

        @Override
        public void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException {
            if (keeps) {
                throw new DestinationException(Failure.RETRYABLE, "no answer");
            }
            objects.remove(job.key());
        }
    }
}
