package dev.narwhal.faults;

import java.util.List;
import java.util.Random;

/**
 * What hostile requests are aimed at.
 *
 * @param victims ids of unfinished uploads; whatever a request can do, it may do to them
 * @param canary id of an unfinished upload of 3 of 10 bytes; only requests that must never be executed name it
 * @param foreign id of an unfinished upload of somebody else
 * @param poisoned id of a finished upload whose name and type hold line breaks
 */
record HostileTargets(String host, List<String> victims, String canary, String foreign, String poisoned) {

    static final long CANARY_OFFSET = 3;

    String victim(Random luck) {
        return victims.get(luck.nextInt(victims.size()));
    }

    /** A request that would move the canary on, if anybody took it for one. */
    String smuggled() {
        return "PATCH /files/" + canary + " HTTP/1.1\r\nHost: " + host + "\r\nTus-Resumable: 1.0.0\r\n"
                + "Content-Type: application/offset+octet-stream\r\nUpload-Offset: " + CANARY_OFFSET
                + "\r\nContent-Length: 7\r\n\r\nDEFGHIJ";
    }
}
