package dev.narwhal.bench.table;

import static dev.narwhal.bench.table.BodyRow.MIB;

import java.util.List;

/** All rows, in the order in which they run. */
final class Rows {

    private Rows() {}

    static List<Row> all() {
        return List.of(
                new BodyRow("P1", "One upload of 2 GiB in one PATCH", 1, 2048 * MIB, 0),
                new BodyRow("P2", "8 uploads of 256 MiB at once", 8, 256 * MIB, 0),
                new BodyRow("P2c", "4 uploads of 256 MiB at once, in PATCHes of 8 MiB", 4, 256 * MIB, 8 * MIB),
                new SmallRow("P3w", "4 KiB in the creation, 32 connections", 10_000, true),
                new SmallRow("P3p", "4 KiB by POST and PATCH, 32 connections", 6_000, false),
                new HeadRow("P4", "HEAD, 32 connections, an upload each"));
    }
}
