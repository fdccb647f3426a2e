package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkReaderTest {

    /** Otherwise the container reads bodies in chunks, at half the speed. */
    @Test
    void thisVersionOfTheContainer_tellsWhereItIs() {
        assertThat(ChunkReader.isPossible()).isTrue();
    }
}
