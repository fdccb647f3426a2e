package dev.narwhal.startup;

/**
 * Decides when the collector should look for garbage among old objects: when these have grown by an eighth since it last
 * looked, or have become fewer by an eighth, because it returns memory to the machine only when it looks.
 */
final class OldGarbage {

    /** Less than this is not worth the collector's work. */
    private static final long LEAST = 32L << 20;

    private static final int PART = 8;

    private long left = 48L << 20;
    private long known;
    private boolean asked;

    /** @param cycles how often the collector has looked so far */
    OldGarbage(long cycles) {
        this.known = cycles;
    }

    /**
     * Called again and again.
     *
     * @param used bytes of old objects, with garbage
     * @param cycles how often the collector has looked so far
     * @return whether the collector should look now
     */
    boolean isWorthALook(long used, long cycles) {
        if (cycles != known) {
            known = cycles;
            left = used;
            asked = false;
        }
        asked = asked || Math.abs(used - left) > Math.max(LEAST, left / PART);
        return asked;
    }
}
