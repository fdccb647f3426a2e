package dev.narwhal.client.transfer;

import java.time.Duration;

/** What a failure means for the transfer. The sentence starts in lower case and has no full stop: it follows a name. */
sealed interface Verdict {

    String sentence();

    /** It may pass by itself: ask where the upload stands, and go on. */
    record Again(String sentence, Duration notBefore) implements Verdict {}

    /** The upload is gone, the file is not: create another one. */
    record Anew(String sentence) implements Verdict {}

    /** Nothing that this program can do will help. */
    record GiveUp(String sentence) implements Verdict {}
}
