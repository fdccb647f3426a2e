package dev.narwhal.api.events;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The progress of uploads, once a second at most: of those whose rows have moved, and of bodies that are still on their way to
 * the next record of their row.
 */
final class Progress {

    /** More uploads than these move in a second only in tests. */
    private static final int MOST = 10_000;

    private final Map<UploadId, News> moved = new ConcurrentHashMap<>();
    private final Function<UploadId, Optional<Upload>> rows;

    /** Bodies of the last look, by what they have told. Only the thread that looks uses it. */
    private Map<UploadId, News> running = new HashMap<>();

    private Set<UploadId> seen = new HashSet<>();

    /** @param rows finds an upload of any owner */
    Progress(Function<UploadId, Optional<Upload>> rows) {
        this.rows = rows;
    }

    /** A row has moved. */
    void moved(Upload upload) {
        if (moved.size() < MOST) {
            moved.put(upload.id(), News.of(News.Type.PROGRESS, upload));
        }
    }

    /** The end of an upload makes its progress old news. */
    void ended(UploadId id) {
        moved.remove(id);
    }

    /**
     * What is new since the last call.
     *
     * @param bodies the ends of the bodies that are received now
     */
    List<News> next(Map<UploadId, Long> bodies) {
        Map<UploadId, News> told = new HashMap<>();
        Map<UploadId, News> all = new HashMap<>();
        for (UploadId id : List.copyOf(moved.keySet())) {
            News news = moved.remove(id);
            if (news != null) {
                all.put(id, news);
            }
        }
        bodies.forEach((id, end) -> known(id, all).ifPresent(before -> {
            News now = end > before.offset() ? before.at(end) : before;
            told.put(id, now);
            if (end > before.offset()) {
                all.put(id, now);
            }
        }));
        running = told;
        seen = new HashSet<>(bodies.keySet());
        return new ArrayList<>(all.values());
    }

    /** A row is read only for a body that is there for the second time: most bodies take less than a second. */
    private Optional<News> known(UploadId id, Map<UploadId, News> fresh) {
        News moved = fresh.get(id);
        News before = moved == null ? running.get(id) : moved;
        if (before != null || !seen.contains(id)) {
            return Optional.ofNullable(before);
        }
        return rows.apply(id).map(row -> News.of(News.Type.PROGRESS, row));
    }

    void forget() {
        moved.clear();
        running.clear();
        seen.clear();
    }
}
