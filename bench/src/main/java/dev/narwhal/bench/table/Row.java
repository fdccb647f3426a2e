package dev.narwhal.bench.table;

/** One line of the table. */
interface Row {

    /** Such as {@code P1}. */
    String id();

    String title();

    /** Of {@link Figures#rate}, such as {@code MiB/s}. */
    String unit();

    /** Whether more is better. */
    boolean more();

    /** Of {@link Figures#processor}, such as {@code s/GiB}; empty when the row has none. */
    String processorUnit();

    /** Measures every candidate, in turn. */
    void measure(Bench bench) throws Exception;
}
