package dev.narwhal.disk;

import java.io.IOException;

/** A piece of file work. */
@FunctionalInterface
public interface IoWork {

    void run() throws IOException;

    /** A piece of file work with a result. */
    @FunctionalInterface
    interface WithResult<T> {

        T run() throws IOException;
    }
}
