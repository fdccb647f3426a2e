package dev.narwhal.doctor;

/** What a check came to, from good to bad. The names are printed. */
enum Verdict {
    /** As it should be. */
    OK,
    /** A server works with it, though not as well as it could; or it could not be looked at. */
    WARN,
    /** A server does not start with it, or does not do its work. */
    FAIL
}
