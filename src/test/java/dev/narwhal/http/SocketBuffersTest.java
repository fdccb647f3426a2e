package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SocketBuffersTest {

    private final SocketBuffers buffers = new SocketBuffers();

    @Test
    void answer_survivesUntilItIsWritten() {
        buffers.configureWriteBufferForWrite();
        buffers.getWriteBuffer().put(new byte[] {1, 2, 3});

        buffers.giveBack();
        buffers.configureWriteBufferForRead();

        assertThat(buffers.isWriteBufferEmpty()).isFalse();
        assertThat(buffers.isWriteBufferWritable()).isFalse();
        assertThat(buffers.getWriteBuffer()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @Test
    void partOfAnAnswer_isFollowedByTheNextOne() {
        buffers.configureWriteBufferForWrite();
        buffers.getWriteBuffer().put(new byte[] {1, 2});
        buffers.configureWriteBufferForRead();
        buffers.getWriteBuffer().get();

        buffers.configureWriteBufferForWrite();
        buffers.getWriteBuffer().put((byte) 3);
        buffers.configureWriteBufferForRead();

        assertThat(buffers.getWriteBuffer()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3}));
    }

    @Test
    void writtenAnswer_leavesNoBuffer() {
        buffers.configureWriteBufferForWrite();
        buffers.getWriteBuffer().put((byte) 1);
        buffers.configureWriteBufferForRead();
        buffers.getWriteBuffer().get();

        buffers.giveBack();

        assertThat(buffers.getWriteBuffer().capacity()).isZero();
        assertThat(buffers.isWriteBufferEmpty()).isTrue();
        assertThat(buffers.isWriteBufferWritable()).isTrue();
    }

    @Test
    void returnedBytes_areReadAgain_howeverManyTheyAre() {
        byte[] returned = new byte[20_000];
        returned[19_999] = 7;
        buffers.makeRoomFor(returned.length);

        buffers.unReadReadBuffer(ByteBuffer.wrap(returned));
        buffers.configureReadBufferForRead();

        assertThat(buffers.getReadBuffer()).isEqualTo(ByteBuffer.wrap(returned));
    }
}
