package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParkedMemoryTest {

    @Test
    void container_hasTheFieldsWhoseBuffersAreGivenBack() {
        assertThat(ParkedMemory.isPossible()).isTrue();
    }
}
