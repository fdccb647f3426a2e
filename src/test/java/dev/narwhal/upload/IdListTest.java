package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdListTest {

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "4,4", "5,8", "63,64", "64,64", "65,128"})
    void of_hasAPowerOfTwo_ofTheSameIds(int ids, int values) {
        List<UploadId> some = Stream.generate(UploadId::random).limit(ids).toList();

        List<String> list = IdList.of(some);

        assertThat(list).hasSize(values).startsWith(some.getFirst().value());
        assertThat(list.stream().distinct())
                .containsExactlyElementsOf(some.stream().map(UploadId::value).toList());
    }
}
