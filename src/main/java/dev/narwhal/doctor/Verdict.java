package dev.narwhal.doctor;

/** The result of a check, from good to bad. The report prints these names. */
enum Verdict {
    /** The requirement is met. */
    OK,
    /** A server works, but not as well as it could; or the check was not possible. */
    WARN,
    /** A server does not start, or does not do its work. */
    FAIL
}
