package dev.narwhal.http;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import org.apache.catalina.connector.InputBuffer;
import org.apache.catalina.connector.OutputBuffer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.coyote.ActionHook;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.coyote.http11.Http11OutputBuffer;
import org.apache.coyote.http11.Http11Processor;
import org.apache.coyote.http11.InputFilter;
import org.apache.coyote.http11.filters.ChunkedInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * The container's fields for which Tomcat has no methods: buffers of a connection, and where it is within a body in chunks.
 * {@code ParkedMemoryTest} notices a version with other fields, in which the buffers just stay and the container reads the chunks.
 */
final class ContainerFields {

    /** Null in a version of Tomcat with other fields. */
    static final @Nullable ContainerFields FOUND = find();

    private final MethodHandle answer;
    private final MethodHandle head;
    private final MethodHandle setHead;
    private final MethodHandle setHook;
    private final MethodHandle requestStream;
    private final MethodHandle setRequestCharacters;
    private final MethodHandle answerStream;
    private final MethodHandle setAnswerCharacters;
    private final MethodHandle filters;
    private final MethodHandle leftInChunk;
    private final MethodHandle stateOfChunks;
    private final MethodHandle endOfHead;

    private ContainerFields() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Field heads = open(Http11OutputBuffer.class, "headerBuffer");
        answer = lookup.unreflectGetter(open(Http11Processor.class, "outputBuffer"));
        head = lookup.unreflectGetter(heads);
        setHead = lookup.unreflectSetter(heads);
        setHook = lookup.unreflectSetter(open(org.apache.coyote.Response.class, "hook"));
        requestStream = lookup.unreflectGetter(open(Request.class, "inputBuffer"));
        setRequestCharacters = lookup.unreflectSetter(open(InputBuffer.class, "cb"));
        answerStream = lookup.unreflectGetter(open(Response.class, "outputBuffer"));
        setAnswerCharacters = lookup.unreflectSetter(open(OutputBuffer.class, "cb"));
        filters = lookup.unreflectGetter(open(Http11InputBuffer.class, "filterLibrary"));
        leftInChunk = lookup.unreflectGetter(open(ChunkedInputFilter.class, "remaining"));
        stateOfChunks = lookup.unreflectGetter(open(ChunkedInputFilter.class, "parseState"));
        endOfHead = lookup.unreflectGetter(open(Http11InputBuffer.class, "end"));
    }

    private static @Nullable ContainerFields find() {
        try {
            return new ContainerFields();
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private static Field open(Class<?> owner, String name) throws NoSuchFieldException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    Http11OutputBuffer answerOf(Http11Processor processor) {
        return (Http11OutputBuffer) invoke(() -> answer.invoke(processor));
    }

    /** The buffer in which the head of an answer is made. */
    ByteBuffer head(Http11OutputBuffer of) {
        return (ByteBuffer) invoke(() -> head.invoke(of));
    }

    void setHead(Http11OutputBuffer of, ByteBuffer buffer) {
        invoke(() -> setHead.invoke(of, buffer));
    }

    /** Lets another object carry out what an answer asks of its connection. */
    void setHook(org.apache.coyote.Response of, ActionHook hook) {
        invoke(() -> setHook.invoke(of, hook));
    }

    InputBuffer stream(Request of) {
        return (InputBuffer) invoke(() -> requestStream.invoke(of));
    }

    void setCharacters(InputBuffer of, CharBuffer buffer) {
        invoke(() -> setRequestCharacters.invoke(of, buffer));
    }

    OutputBuffer stream(Response of) {
        return (OutputBuffer) invoke(() -> answerStream.invoke(of));
    }

    void setCharacters(OutputBuffer of, CharBuffer buffer) {
        invoke(() -> setAnswerCharacters.invoke(of, buffer));
    }

    InputFilter[] filtersOf(Http11InputBuffer buffer) {
        return (InputFilter[]) invoke(() -> filters.invoke(buffer));
    }

    /** Bytes of the present chunk; undefined elsewhere. */
    int leftInChunk(ChunkedInputFilter filter) {
        return (int) invoke(() -> leftInChunk.invoke(filter));
    }

    /** Name of the state in which the filter is. */
    String stateOf(ChunkedInputFilter filter) {
        return invoke(() -> stateOfChunks.invoke(filter)).toString();
    }

    /** Bytes of the head in the buffer. */
    int endOfHead(Http11InputBuffer buffer) {
        return (int) invoke(() -> endOfHead.invoke(buffer));
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
