package dev.narwhal.destination.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.TestContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartContentTest {

    private static final int BLOCK = ContentSource.ALIGNMENT;

    private final TestContent content = TestContent.random(20 * BLOCK + 100);
    private final CountedReads counted = new CountedReads(content);

    /** Notes where it is read, and gives at most so many bytes at once. */
    private static final class CountedReads implements ContentSource {

        private final ContentSource content;
        private final List<Long> positions = new ArrayList<>();
        private int most = Integer.MAX_VALUE;

        CountedReads(ContentSource content) {
            this.content = content;
        }

        @Override
        public long length() {
            return content.length();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            positions.add(position);
            int limit = target.limit();
            target.limit((int) Math.min(limit, (long) target.position() + most));
            try {
                return content.read(target, position);
            } finally {
                target.limit(limit);
            }
        }

        @Override
        public Optional<Path> file() {
            return content.file();
        }
    }

    private static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    private static byte[] read(ContentSource source, long position, int length) throws IOException {
        return new PartInputStream(source, position, length).readAllBytes();
    }

    private byte[] expected(int from, int to) {
        return Arrays.copyOfRange(content.bytes(), from, to);
    }

    @ParameterizedTest
    @CsvSource({"0, 16384", "16384, 32768", "5000, 15001", "65536, 82020", "82019, 82020"})
    void read_aPartThatFits_asksTheContentOnce(int from, int to) throws IOException {
        try (PartContent part = new PartContent(counted, to, memory(5 * BLOCK))) {
            assertThat(read(part, from, to - from)).isEqualTo(expected(from, to));
            assertThat(Crc32s.of(part, from, to - from)).isEqualTo(Crc32s.of(content, from, to - from));
            assertThat(read(part, from, to - from)).isEqualTo(expected(from, to));
        }
        assertThat(counted.positions).containsExactly((long) from - from % BLOCK);
    }

    @Test
    void read_aPartLargerThanTheMemory_isReadInStretches() throws IOException {
        int to = 17 * BLOCK;
        try (PartContent part = new PartContent(counted, to, memory(4 * BLOCK))) {
            assertThat(read(part, BLOCK, 16 * BLOCK)).isEqualTo(expected(BLOCK, to));
            assertThat(read(part, BLOCK, 16 * BLOCK)).isEqualTo(expected(BLOCK, to));
        }
        assertThat(counted.positions).hasSize(8);
    }

    @Test
    void read_contentThatGivesLittleAtOnce_isReadToItsEnd() throws IOException {
        counted.most = 1000;
        try (PartContent part = new PartContent(counted, 3 * BLOCK, memory(5 * BLOCK))) {
            assertThat(read(part, 0, 3 * BLOCK)).isEqualTo(expected(0, 3 * BLOCK));
        }
    }

    @Test
    void read_contentThatEndsTooSoon_says() throws IOException {
        try (PartContent part = new PartContent(counted, 30 * BLOCK, memory(40 * BLOCK))) {
            assertThatThrownBy(() -> read(part, 0, 30 * BLOCK))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ends at " + content.length());
        }
    }

    @Test
    void read_afterTheTransfer_givesNothingOfOthers() throws IOException {
        PartContent part = new PartContent(counted, 2 * BLOCK, memory(2 * BLOCK));
        assertThat(read(part, 0, 10)).hasSize(10);
        part.close();
        assertThatThrownBy(() -> read(part, 10, 10)).isInstanceOf(IOException.class);
    }
}
