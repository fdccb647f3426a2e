package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.UploadId;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcatenatedContentTest {

    /** Gives at most {@code most} bytes a read, as a file may. */
    private static class Piece implements StagedContent {

        private final ConcatenatedContent.Piece key;

        private final byte[] bytes;
        private final int most;
        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();

        Piece(byte[] bytes, int most) {
            this.key = new ConcatenatedContent.Piece(UploadId.random(), bytes.length);
            this.bytes = bytes;
            this.most = most;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            if (position >= bytes.length) {
                return -1;
            }
            int count = Math.min(Math.min(target.remaining(), most), bytes.length - (int) position);
            target.put(bytes, (int) position, count);
            return count;
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(Path.of("piece"));
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            if (most == 1) {
                throw new IllegalStateException("cannot be closed");
            }
        }
    }

    private static Piece piece(String text) {
        return new Piece(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 1000);
    }

    private static ConcatenatedContent of(Piece... pieces) throws IOException {
        long length = Arrays.stream(pieces).mapToLong(Piece::length).sum();
        return of(List.of(pieces), length);
    }

    private static ConcatenatedContent of(List<Piece> pieces, long length) throws IOException {
        Map<UploadId, Piece> byId = new HashMap<>();
        pieces.forEach(piece -> byId.put(piece.key.id(), piece));
        List<ConcatenatedContent.Piece> keys = pieces.stream()
                .map(piece -> new ConcatenatedContent.Piece(piece.key.id(), piece.length()))
                .toList();
        return new ConcatenatedContent(keys, length, wanted -> {
            Piece piece = Objects.requireNonNull(byId.get(wanted.id()));
            piece.opened.incrementAndGet();
            return piece;
        });
    }

    private static int open(List<Piece> pieces) {
        return pieces.stream()
                .mapToInt(piece -> piece.opened.get() - piece.closed.get())
                .sum();
    }

    private static String read(StagedContent content, int most, long position) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(most);
        int read = content.read(target, position);
        assertThat(target.position()).isEqualTo(Math.max(0, read));
        return new String(target.array(), 0, target.position(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Test
    void read_acrossBorders_fillsTheTarget() throws IOException {
        try (StagedContent content = of(piece("abc"), piece(""), piece("d"), piece(""), piece("efgh"), piece(""))) {
            assertThat(content.length()).isEqualTo(8);
            assertThat(read(content, 100, 0)).isEqualTo("abcdefgh");
            assertThat(read(content, 3, 2)).isEqualTo("cde");
            assertThat(read(content, 1, 3)).isEqualTo("d");
            assertThat(read(content, 5, 4)).isEqualTo("efgh");
        }
    }

    @Test
    void read_atTheEnd_isMinusOneAndLeavesTheTarget() throws IOException {
        try (StagedContent content = of(piece("abc"), piece("d"))) {
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(content.read(target, 4)).isEqualTo(-1);
            assertThat(content.read(target, Long.MAX_VALUE)).isEqualTo(-1);
            assertThat(target.position()).isZero();
            assertThat(target.limit()).isEqualTo(10);
            assertThatIllegalArgumentException().isThrownBy(() -> content.read(target, -1));
        }
    }

    @Test
    void read_ofNothing_isAtTheEnd() throws IOException {
        try (StagedContent content = of(piece(""), piece(""))) {
            assertThat(content.length()).isZero();
            assertThat(content.read(ByteBuffer.allocate(1), 0)).isEqualTo(-1);
        }
    }

    @Test
    void read_ofOnePieceSeveralTimes_repeatsIt() throws IOException {
        Piece a = piece("a");
        Piece na = piece("na");
        try (StagedContent content = of(a, na, na, a)) {
            assertThat(read(content, 100, 0)).isEqualTo("ananaa");
        }
        assertThat(na.closed).as("closed once").hasValue(1);
        assertThat(na.opened).as("opened once").hasValue(1);
    }

    @Test
    void file_isNone_evenForOnePiece() throws IOException {
        try (StagedContent content = of(piece("abc"))) {
            assertThat(content.file()).isEmpty();
        }
    }

    @Test
    void read_pieceEndsEarly_fails() throws IOException {
        Piece lying = new Piece(new byte[2], 9) {
            @Override
            public long length() {
                return 3;
            }
        };
        try (StagedContent content = of(piece("abc"), lying, piece("d"))) {
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> content.read(ByteBuffer.allocate(9), 0));
        }
    }

    @Test
    void new_ofAnotherLength_isDamage() {
        assertThatExceptionOfType(StagingDamagedException.class).isThrownBy(() -> of(List.of(piece("abc")), 4));
    }

    @Test
    void close_oneFails_closesTheOthers() throws IOException {
        List<Piece> pieces = List.of(new Piece(new byte[1], 1), new Piece(new byte[2], 1), new Piece(new byte[3], 9));
        StagedContent content = of(pieces.toArray(Piece[]::new));
        assertThat(read(content, 10, 0)).hasSize(6);

        assertThatThrownBy(content::close)
                .hasMessage("cannot be closed")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(pieces).allSatisfy(piece -> assertThat(piece.closed).hasValue(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void read_anywhereByManyThreads_isWhatThePiecesAre(long seed) throws Exception {
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            byte[] bytes = Bytes.random(random.nextInt(4) == 0 ? 0 : random.nextInt(300), seed + i);
            pieces.add(new Piece(bytes, 2 + random.nextInt(100)));
            expected.write(bytes);
        }
        StagedContent content = of(pieces, expected.size());
        List<Callable<Boolean>> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Random own = new Random(seed * 100 + i);
            readers.add(() -> readsRight(content, expected.toByteArray(), own));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> right : threads.invokeAll(readers)) {
                assertThat(right.get()).isTrue();
            }
        }
        assertThat(open(pieces)).isBetween(1, OpenPieces.MOST_IDLE);
        content.close();
        assertThat(open(pieces)).isZero();
    }

    @Test
    void read_ofManyPieces_hasFewOpenAtATime() throws IOException {
        List<Piece> pieces = Stream.generate(() -> piece("ab")).limit(1000).toList();
        ConcatenatedContent content = of(pieces, 2000);
        content.open();
        assertThat(open(pieces)).isEqualTo(OpenPieces.MOST_IDLE);
        for (int position = 0; position < 2000; position += 7) {
            content.read(ByteBuffer.allocate(7), position);
            assertThat(open(pieces)).isLessThanOrEqualTo(OpenPieces.MOST_IDLE);
        }
        content.close();
        assertThat(open(pieces)).isZero();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> content.read(ByteBuffer.allocate(1), 0));
    }

    @Test
    void open_ofFewPieces_opensAllOfThem() throws IOException {
        List<Piece> pieces = List.of(piece("ab"), piece("c"), piece(""));
        try (ConcatenatedContent content = of(pieces, 3)) {
            assertThat(open(pieces)).isZero();
            content.open();
            assertThat(open(pieces)).isEqualTo(2);
        }
        assertThat(open(pieces)).isZero();
    }

    private static boolean readsRight(StagedContent content, byte[] expected, Random random) throws IOException {
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(expected.length);
            int count = random.nextInt(500) + 1;
            ByteBuffer target = ByteBuffer.allocate(count + 2).position(1).limit(count + 1);
            int read = content.read(target, from);
            int wanted = Math.min(count, expected.length - from);
            byte[] got = Arrays.copyOfRange(target.array(), 1, 1 + wanted);
            if (read != wanted
                    || target.limit() != count + 1
                    || !Arrays.equals(got, Arrays.copyOfRange(expected, from, from + wanted))) {
                return false;
            }
        }
        return true;
    }
}
