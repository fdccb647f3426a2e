package dev.narwhal.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewsRingTest {

    private final NewsRing ring = new NewsRing();
    private final News news = News.of(
            News.Type.CREATED, UploadBuilder.upload().filename("x".repeat(300)).build());

    private NewsRing.Batch read(NewsRing.Position from) throws InterruptedException {
        return ring.await(from, Duration.ZERO);
    }

    @Test
    void reader_getsWhatCameSince_inParts() throws Exception {
        NewsRing.Position start = ring.end();
        for (int i = 0; i < 600; i++) {
            ring.add(news);
        }
        NewsRing.Batch first = read(start);
        NewsRing.Batch second = read(first.to());

        assertThat(first.news().size() + second.news().size()).isEqualTo(600);
        assertThat(second.to()).isEqualTo(ring.end());
        assertThat(read(second.to()).news()).isEmpty();
        assertThat(second.lost()).isFalse();
    }

    @Test
    void reader_thatIsOvertaken_isToldSo() throws Exception {
        NewsRing.Position start = ring.end();
        ring.add(news);
        NewsRing.Position next = ring.end();
        for (int i = 0; i < NewsRing.SIZE; i++) {
            ring.add(news);
        }

        assertThat(read(start).lost()).isTrue();
        assertThat(read(next).lost()).isFalse();
        assertThat(ring.reachesBackTo(start.number())).isFalse();
        assertThat(ring.reachesBackTo(next.number())).isTrue();
        assertThat(ring.reachesBackTo(ring.end().number() + 1)).isFalse();
    }

    @Test
    void ring_thatHasForgotten_continuesNoReader() {
        ring.add(news);
        long seen = ring.end().number();
        ring.forget();

        assertThat(ring.reachesBackTo(seen)).isFalse();
        assertThat(ring.reachesBackTo(ring.end().number())).isTrue();
    }

    @Test
    void progress_hasNoNumber_andOldProgressGoes() throws Exception {
        NewsRing.Position start = ring.end();
        for (int i = 0; i < 20; i++) {
            ring.addProgress(List.of(news.at(i)));
        }

        NewsRing.Batch batch = read(start);
        assertThat(batch.progress()).extracting(News::offset).containsExactly(12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
        assertThat(batch.to().number()).isEqualTo(start.number());
        assertThat(read(batch.to()).progress()).isEmpty();
    }

    @Test
    void filename_ofAnySize_isKeptShort() {
        assertThat(news.data().filename()).hasSize(255);
        assertThat(news.data().reason()).isNull();
    }

    @Test
    void progress_ofBodies_isToldOnceAndWhenItMoves() {
        Upload row = UploadBuilder.upload().offset(10).build();
        Progress progress = new Progress(id -> Optional.of(row));

        assertThat(progress.next(Map.of(row.id(), 20L))).as("the first second").isEmpty();
        assertThat(progress.next(Map.of(row.id(), 30L)))
                .extracting(News::offset)
                .containsExactly(30L);
        assertThat(progress.next(Map.of(row.id(), 30L))).isEmpty();
        progress.moved(UploadBuilder.upload().id(row.id()).offset(40).build());
        progress.moved(UploadBuilder.upload().id(row.id()).offset(50).build());
        assertThat(progress.next(Map.of(row.id(), 60L)))
                .extracting(News::offset)
                .containsExactly(60L);
        progress.moved(row);
        progress.ended(row.id());
        assertThat(progress.next(Map.of())).isEmpty();
    }
}
