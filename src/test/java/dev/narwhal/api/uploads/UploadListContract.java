package dev.narwhal.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Page;
import dev.narwhal.batch.UploadBatches;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists of uploads, the same on both databases. */
abstract class UploadListContract {

    private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

    private UploadList list;
    private UploadRepository uploads;
    private final List<Upload> rows = new ArrayList<>();

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        database().jdbc().sql("delete from delivery").update();
        database().jdbc().sql("delete from upload").update();
        list = new UploadList(new UploadStreams(database().jdbc()));
        uploads = database().repository(new UploadBatches(database().jdbc()), Clock.fixed(START, ZoneOffset.UTC));
    }

    private Upload add(UnaryOperator<UploadBuilder> more) {
        Upload upload = uploads.create(
                more.apply(UploadBuilder.upload().owner("").createdAt(START.plusMillis(100L * rows.size())))
                        .build());
        rows.add(upload);
        return upload;
    }

    private void addMany(int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            add(upload -> number % 3 == 0
                    ? upload.length(10L).offset(10).state(UploadState.FINISHED).volume("volume-" + number % 2)
                    : upload.volume("volume-" + number % 2));
        }
    }

    private static Query query() {
        return new Query();
    }

    /** A query by its parameters that differ from the defaults. */
    private static final class Query {
        private @Nullable List<UploadState> state;
        private @Nullable String owner;
        private @Nullable String filename;
        private @Nullable String metadata;
        private @Nullable String destination;
        private @Nullable String batch;
        private @Nullable Instant after;
        private @Nullable Instant before;
        private ListOrder order = ListOrder.NEWEST;
        private int limit = 50;

        UploadQuery from(@Nullable String cursor) {
            return new UploadQuery(
                    state, owner, filename, metadata, destination, batch, after, before, order, limit, cursor);
        }
    }

    private List<String> first(Query query) {
        return ids(list.page(query.from(null)).items());
    }

    private List<String> all(Query query) {
        List<String> ids = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Page<ListedUpload> page = list.page(query.from(cursor));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(query.limit);
            ids.addAll(ids(page.items()));
            cursor = page.next();
        } while (cursor != null);
        return ids;
    }

    private static List<String> ids(List<ListedUpload> items) {
        return items.stream().map(ListedUpload::id).toList();
    }

    private List<String> created() {
        return rows.stream().map(row -> row.id().value()).toList();
    }

    @Test
    void list_ofNothing_isEmpty() {
        assertThat(list.page(query().from(null)).items()).isEmpty();
        assertThat(list.page(query().from(null)).next()).isNull();
    }

    @Test
    void list_byAge_hasEachUploadOnceOverAllStatesAndVolumes() {
        addMany(23);
        Query newest = query();
        newest.limit = 5;
        Query oldest = query();
        oldest.limit = 5;
        oldest.order = ListOrder.OLDEST;

        assertThat(all(oldest)).isEqualTo(created());
        List<String> backwards = new ArrayList<>(created());
        Collections.reverse(backwards);
        assertThat(all(newest)).isEqualTo(backwards);
    }

    @ParameterizedTest
    @EnumSource(ListOrder.class)
    void list_ofOneMoment_losesNothingBetweenPages(ListOrder order) {
        for (int i = 0; i < 11; i++) {
            add(upload -> upload.createdAt(START));
        }
        Query query = query();
        query.limit = 3;
        query.order = order;

        List<String> found = all(query);

        assertThat(found).containsExactlyInAnyOrderElementsOf(created());
        assertThat(new HashSet<>(found)).hasSize(11);
    }

    @Test
    void list_whileUploadsCome_isNotShifted() {
        addMany(6);
        Query query = query();
        query.limit = 3;
        Page<ListedUpload> page = list.page(query.from(null));
        addMany(4);

        List<String> rest = ids(list.page(query.from(page.next())).items());

        assertThat(rest)
                .containsExactly(created().get(2), created().get(1), created().get(0));
    }

    @Test
    void list_ofStates_hasOnlyThese() {
        addMany(9);
        Query query = query();
        query.state = List.of(UploadState.FINISHED, UploadState.FAILED);
        query.limit = 2;

        assertThat(all(query))
                .containsExactly(created().get(6), created().get(3), created().get(0));
    }

    @Test
    void list_ofTombstones_hasThem() {
        Upload gone = add(upload -> upload);
        add(upload -> upload);
        assertThat(uploads.terminate(gone)).isTrue();
        Query query = query();
        query.state = List.of(UploadState.TERMINATED);

        assertThat(first(query)).containsExactly(gone.id().value());
    }

    @Test
    void list_ofOwner_hasOnlyItsUploads() {
        String mine = add(upload -> upload.owner("anna")).id().value();
        add(upload -> upload.owner("ben"));
        add(upload -> upload);
        String second = add(upload ->
                        upload.owner("anna").length(10L).offset(10).state(UploadState.FINISHED))
                .id()
                .value();
        Query query = query();
        query.owner = "anna";

        assertThat(first(query)).containsExactly(second, mine);
        query.state = List.of(UploadState.RECEIVING);
        assertThat(first(query)).containsExactly(mine);
        query.owner = "";
        assertThat(first(query)).containsExactly(created().get(2));
    }

    @Test
    void list_byFilename_findsAPartInAnyCase() {
        add(upload -> upload.filename("Quarterly REPORT ÄÖ.pdf"));
        add(upload -> upload.filename("holiday.mov"));
        add(upload -> upload);
        Query query = query();
        query.filename = "report äö";

        assertThat(first(query)).containsExactly(created().getFirst());
        query.filename = "%";
        assertThat(first(query)).isEmpty();
    }

    @Test
    void list_byMetadata_comparesTheDecodedValue() {
        add(upload -> upload.metadata("project " + base64("apollo, 11") + ", other " + base64("x=y")));
        add(upload -> upload.metadata("project " + base64("apollo")));
        add(upload -> upload.metadata("flag"));
        Query query = query();
        query.metadata = "project=apollo, 11";
        assertThat(first(query)).containsExactly(created().getFirst());
        query.metadata = "other=x=y";
        assertThat(first(query)).containsExactly(created().getFirst());
        query.metadata = "flag=";
        assertThat(first(query)).containsExactly(created().get(2));
    }

    @Test
    void list_betweenTimes_includesItsBeginAndNotItsEnd() {
        addMany(10);
        Query query = query();
        query.after = START.plusMillis(200);
        query.before = START.plusMillis(500);
        query.limit = 2;

        assertThat(all(query))
                .containsExactly(created().get(4), created().get(3), created().get(2));
        query.order = ListOrder.OLDEST;
        assertThat(all(query))
                .containsExactly(created().get(2), created().get(3), created().get(4));
    }

    @Test
    void list_byDestination_readsTheDelivery() {
        addMany(3);
        deliver(rows.get(1), "archive");
        deliver(rows.get(2), "default");
        Query query = query();
        query.destination = "archive";

        Page<ListedUpload> page = list.page(query.from(null));

        assertThat(ids(page.items())).containsExactly(created().get(1));
        assertThat(page.items().getFirst().delivery())
                .extracting(ListedUpload.ListedDelivery::lastError)
                .isEqualTo("no route");
    }

    private void deliver(Upload upload, String destination) {
        database()
                .jdbc()
                .sql(
                        "insert into delivery (upload_id, destination, status, last_error, created_at, updated_at)"
                                + " select id, :destination, 'PENDING', 'no route', created_at, created_at from upload where id = :id")
                .param("id", upload.id().value())
                .param("destination", destination)
                .update();
    }

    @Test
    void list_withARareCondition_goesOnBehindWhatItHasRead() {
        String rare = add(upload -> upload.filename("needle")).id().value();
        int others = UploadList.SCANNED + 20;
        fill(others);
        Query query = query();
        query.filename = "needle";

        Page<ListedUpload> page = list.page(query.from(null));

        assertThat(page.items()).isEmpty();
        assertThat(page.next()).isNotNull();
        assertThat(all(query)).containsExactly(rare);
    }

    /** In one statement, later than all that are there. */
    private void fill(int count) {
        Upload model = add(upload -> upload.createdAt(START.plus(Duration.ofDays(1))));
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < count; i++) {
            ids.append(i == 0 ? "" : ", ").append("('%032x')".formatted(i));
        }
        database()
                .jdbc()
                .sql(
                        "insert into upload (id, owner, kind, length, \"offset\", state, created_at, updated_at, volume, lease_token)"
                                + " select v.id, owner, kind, length, \"offset\", state, created_at, updated_at, volume, lease_token"
                                + " from upload u cross join (values " + ids + ") as v(id) where u.id = :model")
                .param("model", model.id().value())
                .update();
    }

    @Test
    void list_bySizeAndProgress_isSorted() {
        String small = add(upload -> upload.length(10L).offset(9)).id().value();
        String large = add(upload -> upload.length(1000L).offset(10)).id().value();
        String deferred = add(upload -> upload.length(null).offset(5)).id().value();
        String middle = add(upload -> upload.length(100L).offset(50)).id().value();
        Query query = query();
        query.limit = 2;
        query.order = ListOrder.SIZE;
        assertThat(all(query)).containsExactly(large, middle, small, deferred);
        query.order = ListOrder.PROGRESS;
        assertThat(all(query)).containsExactly(small, middle, large, deferred);
    }

    @Test
    void list_tooLongForItsOrder_isRefused() {
        fill(UploadList.SORTED + 1);
        Query query = query();
        query.order = ListOrder.SIZE;

        assertThatThrownBy(() -> first(query)).isInstanceOf(ApiProblem.class).hasMessageContaining("narrow");
        query.before = START.plus(Duration.ofHours(1));
        assertThat(first(query)).isEmpty();
    }

    @Test
    void list_ofBatch_isThatOfItsOwner() {
        String metadata = "batch " + base64("trip");
        String first = add(upload -> upload.metadata(metadata)).id().value();
        add(upload -> upload.metadata("batch " + base64("other")));
        add(upload -> upload.owner("anna").metadata(metadata));
        String last = add(upload -> upload.metadata(metadata).kind(UploadKind.WHOLE))
                .id()
                .value();
        Query query = query();
        query.batch = "trip";
        query.owner = "";
        query.limit = 1;

        assertThat(all(query)).containsExactly(last, first);
    }

    @Test
    void cursor_ofAnotherOrder_isRefused() {
        addMany(3);
        Query query = query();
        query.limit = 1;
        String cursor = list.page(query.from(null)).next();
        query.order = ListOrder.OLDEST;

        assertThatThrownBy(() -> list.page(query.from(cursor))).isInstanceOf(ApiProblem.class);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
