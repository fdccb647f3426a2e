package dev.narwhal.bench.table;

import static dev.narwhal.bench.table.BodyRow.MIB;

import java.util.List;

/** All rows, in the order in which they run. */
final class Rows {

    private Rows() {}

    /** Enough for a ratio, in seconds. */
    static List<Row> brief() {
        return List.of(
                new BodyRow("P1", "One upload of 512 MiB in one PATCH", 1, 512 * MIB, 0),
                new SmallRow("P3w", "4 KiB in the creation, 32 connections", 2_000, true),
                new HeadRow("P4", "HEAD, 32 connections, an upload each", 2));
    }

    static List<Row> all() {
        return List.of(
                new BodyRow("P1", "One upload of 2 GiB in one PATCH", 1, 2048 * MIB, 0),
                new BodyRow("P2", "8 uploads of 256 MiB at once", 8, 256 * MIB, 0),
                new BodyRow("P2c", "4 uploads of 256 MiB at once, in PATCHes of 8 MiB", 4, 256 * MIB, 8 * MIB),
                new SmallRow("P3w", "4 KiB in the creation, 32 connections", 8_000, true),
                new SmallRow("P3p", "4 KiB by POST and PATCH, 32 connections", 4_000, false),
                new HeadRow("P4", "HEAD, 32 connections, an upload each", 3),
                new StoreRow("P5", "A file of 1 GiB to its object on MinIO"),
                new SlowRow("P6", "10,000 uploads of 1 KiB/s at once"),
                new MillionRow("P7", "4 KiB in the creation, with 1,000,000 delivered uploads"),
                new StartRow("P8", "Start to the first accepted upload"),
                new KillRow("P9", "SIGKILL to the first byte that goes on"),
                new HugeRow("P10", "64 KiB in PATCH 90,000 to 100,000 of an upload of 1 TiB"),
                new DownloadRow("P11", "Download of 1 GiB", 1),
                new DownloadRow("P11r", "Download of 1 GiB in 8 ranges at once", 8),
                new StreamRow("P12", "One upload of 1 GiB in chunks, without a length", null),
                new StreamRow("P12-sha1", "One upload of 1 GiB with a SHA-1", "sha1"),
                new StreamRow("P12-sha256", "One upload of 1 GiB with a SHA-256", "sha256"));
    }
}
