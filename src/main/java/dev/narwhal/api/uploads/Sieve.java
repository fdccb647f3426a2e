package dev.narwhal.api.uploads;

import dev.narwhal.upload.UploadMetadata;
import dev.narwhal.upload.UploadState;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The conditions of a list that no index has: rows are read, and then kept or not. */
final class Sieve implements Predicate<ListedUpload> {

    private final UploadQuery query;
    private final Set<UploadState> states;
    private final @Nullable String name;

    Sieve(UploadQuery query) {
        this.query = query;
        this.states = query.states();
        this.name = query.filename() == null ? null : fold(query.filename());
    }

    @Override
    public boolean test(ListedUpload row) {
        return states.contains(row.state())
                && (query.owner() == null || query.owner().equals(row.owner()))
                && hasName(row)
                && hasMetadata(row);
    }

    private boolean hasName(ListedUpload row) {
        return name == null || row.filename() != null && fold(row.filename()).contains(name);
    }

    /** For a row with its delivery. */
    boolean hasDestination(ListedUpload row) {
        return query.destination() == null
                || row.delivery() != null
                        && query.destination().equals(row.delivery().destination());
    }

    private boolean hasMetadata(ListedUpload row) {
        String wanted = query.metadata();
        if (wanted == null) {
            return true;
        }
        int equals = wanted.indexOf('=');
        return wanted.substring(equals + 1)
                .equals(UploadMetadata.of(row.metadata()).pairs().get(wanted.substring(0, equals)));
    }

    private static String fold(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
