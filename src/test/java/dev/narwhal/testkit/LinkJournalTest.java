package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.narwhal.testkit.NetworkFault.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinkJournalTest {

    private static final NetworkFault RESET = new NetworkFault(Kind.RESET, 1, 0, Duration.ZERO, 1);

    private final LinkJournal journal = new LinkJournal();

    @Test
    void bodies_areCountedFromTheEndsOfTheirHeads() {
        sent("PATCH /files/a HTTP/1.1\r\nHost: x\r\nUpload-Offset: 7\r\n\r\nabc");
        sent("defgh");
        sent("POST /files/a HTTP/1.1\r\nX-HTTP-Method-Override: PATCH\r\nupload-offset: 15\r\n\r\n");
        sent("ij");
        journal.struck(RESET);
        assertThat(journal.bodies())
                .extracting(SentBody::path, SentBody::offset, SentBody::bytes, SentBody::fault)
                .containsExactly(tuple("/files/a", 7L, 8L, ""), tuple("/files/a", 15L, 2L, "RESET"));
    }

    @Test
    void requestWithoutAnOffset_isNoBody_norIsWhatStrikesIt() {
        sent("PATCH /files/a HTTP/1.1\r\nUpload-Offset: 0\r\n\r\nabc");
        sent("HEAD /files/a HTTP/1.1\r\nHost: x\r\n\r\n");
        journal.struck(RESET);
        assertThat(journal.bodies()).extracting(SentBody::fault).containsExactly("");
        assertThat(journal.toString()).contains("HEAD /files/a", "kind=RESET");
    }

    private void sent(String piece) {
        byte[] bytes = piece.getBytes(ISO_8859_1);
        journal.sent(bytes, bytes.length);
    }
}
