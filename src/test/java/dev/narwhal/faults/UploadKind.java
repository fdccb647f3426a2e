package dev.narwhal.faults;

/** The ways in which clients send a file. */
enum UploadKind {
    /** Its length at once, all of it in one PATCH. */
    PLAIN(3 << 20),
    /** A part of it, or all, with the creation; the rest in one PATCH. */
    WITH_CREATION(3 << 20),
    /** One long PATCH without Content-Length. */
    STREAMING(40 << 20),
    /** Many small PATCHes. */
    CHUNKED(1 << 20),
    /** Its length is told with the last PATCH. */
    DEFERRED(2 << 20),
    /** Each PATCH with a checksum; now and then other bytes under it first, which must never be seen. */
    CHECKSUMMED(4 << 20),
    /** Several partials at the same time, and a final one made of them, before they are complete or after. */
    CONCATENATED(12 << 20);

    private final int largest;

    UploadKind(int largest) {
        this.largest = largest;
    }

    /** Bytes that a file of this kind has at most. */
    int largest() {
        return largest;
    }
}
