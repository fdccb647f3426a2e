package dev.narwhal.bench.table;

import dev.narwhal.bench.server.Candidate;
import java.nio.file.Path;
import java.util.List;

/**
 * What a row has to measure with.
 *
 * @param scratch a directory of this run, deleted when all rows are done
 */
record Bench(Options options, List<Candidate> candidates, Path scratch, Results results) {

    /** A place for one candidate's files in one row. It does not exist yet. */
    Path directory(Row row, Candidate candidate) {
        return scratch.resolve(row.id() + "-" + candidate.name().replaceAll("\\W", "-"));
    }
}
