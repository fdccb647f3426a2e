package dev.narwhal.http;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.InputBuffer;
import org.apache.catalina.connector.Request;
import org.apache.coyote.http11.Http11OutputBuffer;
import org.apache.coyote.http11.Http11Processor;
import org.jspecify.annotations.Nullable;

/**
 * Buffers inside the container that a request does not need while its thread waits for the body: the answer's head, and
 * characters of a body read as text. Thousands of slow bodies would hold them for nothing. Tomcat has no method for
 * them; {@code ParkedMemoryTest} notices a version with other fields, in which the buffers just stay.
 */
final class ParkedMemory {

    private static final @Nullable Handles HANDLES = Handles.find();
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);
    private static final int FEW_CHARACTERS = 128;
    private static final int MOST_POOLED = 64;
    private static final int LAST_ANSWER = 4 << 10;

    private static final ConcurrentLinkedDeque<ByteBuffer> POOL = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger POOLED = new AtomicInteger();

    private final org.apache.coyote.Request request;
    private final @Nullable Object answer;
    private int headSize;
    private boolean small;

    ParkedMemory(Http11Processor processor, org.apache.coyote.Request request) {
        this.request = request;
        this.answer = HANDLES == null ? null : HANDLES.answerOf(processor);
    }

    static boolean isPossible() {
        return HANDLES != null;
    }

    /** Called when the thread is going to wait; nothing has been written of the answer's head. */
    void giveBack() {
        if (HANDLES == null || answer == null) {
            return;
        }
        ByteBuffer head = HANDLES.head(answer);
        if (head.position() == 0 && head.capacity() > 0) {
            headSize = head.capacity();
            HANDLES.head(answer, NONE);
            pool(head);
        }
    }

    /** Called when the servlets' stream has no bytes left; it holds on to the buffer of the last ones. */
    void forgetRead() {
        if (HANDLES != null && request.getNote(CoyoteAdapter.ADAPTER_NOTES) instanceof Request servlets) {
            InputBuffer stream = HANDLES.stream(servlets);
            stream.setByteBuffer(NONE);
            if (!small) {
                small = true;
                HANDLES.characters(stream, CharBuffer.allocate(FEW_CHARACTERS).limit(0));
            }
        }
    }

    /**
     * Called when the thread goes on.
     *
     * @param lost true when the client sends no more: thousands of connections may be lost at once, and their last
     *     answers are short
     */
    void takeBack(boolean lost) {
        if (HANDLES != null && answer != null && HANDLES.head(answer) == NONE) {
            HANDLES.head(answer, lost ? ByteBuffer.allocate(Math.min(LAST_ANSWER, headSize)) : pooled(headSize));
        }
    }

    /** Called before a request is answered, because the one before may have had a short answer. */
    void restore() {
        if (HANDLES != null && answer != null && HANDLES.head(answer).capacity() < headSize) {
            HANDLES.head(answer, pooled(headSize));
        }
    }

    private static void pool(ByteBuffer head) {
        if (POOLED.get() < MOST_POOLED) {
            POOLED.incrementAndGet();
            POOL.addFirst(head);
        }
    }

    private static ByteBuffer pooled(int size) {
        ByteBuffer head = POOL.pollFirst();
        if (head == null) {
            return ByteBuffer.allocate(size);
        }
        POOLED.decrementAndGet();
        return head.capacity() == size ? head.clear() : ByteBuffer.allocate(size);
    }

    private record Handles(
            MethodHandle answer,
            MethodHandle head,
            MethodHandle setHead,
            MethodHandle body,
            MethodHandle setCharacters) {

        static @Nullable Handles find() {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                Field answer = open(Http11Processor.class, "outputBuffer");
                Field head = open(Http11OutputBuffer.class, "headerBuffer");
                Field body = open(Request.class, "inputBuffer");
                Field characters = open(InputBuffer.class, "cb");
                return new Handles(
                        lookup.unreflectGetter(answer),
                        lookup.unreflectGetter(head),
                        lookup.unreflectSetter(head),
                        lookup.unreflectGetter(body),
                        lookup.unreflectSetter(characters));
            } catch (ReflectiveOperationException | RuntimeException e) {
                return null;
            }
        }

        private static Field open(Class<?> owner, String name) throws NoSuchFieldException {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }

        Object answerOf(Http11Processor processor) {
            return invoke(() -> answer.invoke(processor));
        }

        ByteBuffer head(Object answer) {
            return (ByteBuffer) invoke(() -> head.invoke(answer));
        }

        void head(Object answer, ByteBuffer buffer) {
            invoke(() -> setHead.invoke(answer, buffer));
        }

        InputBuffer stream(Request servlets) {
            return (InputBuffer) invoke(() -> body.invoke(servlets));
        }

        void characters(InputBuffer stream, CharBuffer buffer) {
            invoke(() -> setCharacters.invoke(stream, buffer));
        }

        private interface Access {
            Object get() throws Throwable;
        }

        private static Object invoke(Access access) {
            try {
                return access.get();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
