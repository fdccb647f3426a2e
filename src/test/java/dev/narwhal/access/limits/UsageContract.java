package dev.narwhal.access.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.Race;
import dev.narwhal.upload.Sight;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadIdentity;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import dev.narwhal.upload.UploadTerms;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What owners and keys have in use, on every database: always what a recount gives. */
abstract class UsageContract {

    private static final ServerLimitsProperties NO_SERVER_LIMITS = new ServerLimitsProperties(null, null, null, null);

    private final SettableClock clock = new SettableClock();
    private final String ann = "ann " + UUID.randomUUID();
    private final String key = "key:" + UUID.randomUUID();

    @SuppressWarnings("NullAway.Init")
    private UsageRepository usage;

    @SuppressWarnings("NullAway.Init")
    private Limiter limiter;

    @SuppressWarnings("NullAway.Init")
    private UsageCounter counter;

    @SuppressWarnings("NullAway.Init")
    private UploadRepository uploads;

    @SuppressWarnings("NullAway.Init")
    private ExpiryRepository expiries;

    abstract TestDatabase database();

    @BeforeEach
    void wire() {
        wire(Limits.NONE);
    }

    private void wire(Limits everyOwner) {
        usage = new UsageRepository(
                database().jdbc(), database().committer(), database().dataSource());
        limiter = new Limiter(
                everyOwner, NO_SERVER_LIMITS, usage, id -> Limits.NONE, new SimpleMeterRegistry(), new HandClock());
        counter = new UsageCounter(usage, limiter);
        uploads = database().repository(counter, clock);
        expiries = database().expiries(counter);
    }

    private Upload upload(String owner, @Nullable String credential, UploadBuilder builder) {
        Upload draft = builder.owner(owner).build();
        UploadIdentity identity = draft.identity();
        return new Upload(
                new UploadIdentity(
                        identity.id(),
                        owner,
                        identity.kind(),
                        identity.volume(),
                        new UploadTerms(credential, null, null)),
                draft.description(),
                draft.progress(),
                draft.lifecycle());
    }

    private Upload created(UploadBuilder builder) {
        return uploads.create(upload(ann, key, builder));
    }

    private static UploadBuilder of(@Nullable Long length) {
        return UploadBuilder.upload().length(length);
    }

    private void uses(long bytes, long active) {
        Usage expected = new Usage(bytes, active);
        assertThat(usage.find(Scope.OWNER, ann)).isEqualTo(expected);
        assertThat(usage.find(Scope.KEY, key)).isEqualTo(expected);
        assertThat(usage.count(Scope.OWNER, ann)).isEqualTo(expected);
        assertThat(usage.count(Scope.KEY, key)).isEqualTo(expected);
    }

    @Test
    void declaredLength_countsFromTheCreationToTheDelivery() {
        Upload row = created(of(100L));
        uses(100, 1);
        row = uploads.advance(row, 40, 1).orElseThrow();
        uses(100, 1);
        row = uploads.advance(row, 100, 1).orElseThrow();
        uses(100, 0);
        assertThat(uploads.moveState(row.id(), UploadState.FINISHED, UploadState.FAILED, () -> true))
                .isTrue();
        uses(100, 0);
        assertThat(uploads.moveState(row.id(), UploadState.FAILED, UploadState.FINISHED, () -> true))
                .isTrue();
        assertThat(uploads.moveState(row.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true))
                .isTrue();
        uses(0, 0);
    }

    @Test
    void deferredLength_countsWhatCame_thenWhatIsDeclared() {
        Upload row = created(of(null));
        uses(0, 1);
        row = uploads.advance(row, 30, 1).orElseThrow();
        uses(30, 1);
        row = uploads.declareLength(row, 50, 1).orElseThrow();
        uses(50, 1);
        assertThat(uploads.terminate(row)).isTrue();
        uses(0, 0);
    }

    @Test
    void lengthDeclaredWithTheLastByte_finishes() {
        Upload row = uploads.advance(created(of(null)), 30, 1).orElseThrow();
        assertThat(uploads.declareLength(row, 30, 1).orElseThrow().state()).isEqualTo(UploadState.FINISHED);
        uses(30, 0);
    }

    @Test
    void creationWithAllItsBytes_isNeverActive() {
        created(of(70L).offset(70).state(UploadState.FINISHED));
        uses(70, 0);
    }

    @Test
    void expiry_givesTheBytesBack() {
        Upload row = created(of(100L));
        clock.pass(TestDatabase.EXPIRE_AFTER.plusSeconds(1));
        assertThat(expiries.expire(row, clock.instant())).isEqualTo(ExpiryRepository.Outcome.EXPIRED);
        uses(0, 0);
    }

    @Test
    void final_hasNoBytesOfItsOwn() {
        Upload part = created(of(10L).kind(UploadKind.PARTIAL));
        UploadId id = UploadId.random();
        Upload whole = uploads.createFinal(
                id,
                Sight.ofOwner(ann),
                List.of(part.id()),
                rows -> upload(ann, key, of(10L).id(id).kind(UploadKind.FINAL)));
        uses(10, 1);
        var unused = uploads.advance(part, 10, 1).orElseThrow();
        uses(10, 0);
        assertThat(uploads.find(whole.id()).orElseThrow().state()).isEqualTo(UploadState.FINISHED);
        assertThat(uploads.moveState(whole.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true))
                .isTrue();
        uses(10, 0);
    }

    @Test
    void lengthsBeyondALong_areNotLimited() {
        created(of(Long.MAX_VALUE));
        created(of(Long.MAX_VALUE));
        assertThat(usage.find(Scope.OWNER, ann)).isEqualTo(new Usage(Long.MAX_VALUE, 2));
    }

    @Test
    void refusedChange_countsNothing() {
        wire(new Limits(100L, 2L, 60L, null, null, null));
        Upload deferred = created(of(null));
        created(of(60L));
        uses(60, 2);

        refused(() -> created(of(1L)), Limit.ACTIVE_UPLOADS, false);
        refused(() -> created(of(41L).offset(41).state(UploadState.FINISHED)), Limit.STAGED_BYTES, false);
        refused(() -> created(of(61L)), Limit.UPLOAD_SIZE, true);
        refused(() -> uploads.declareLength(deferred, 41, 1), Limit.STAGED_BYTES, false);

        uses(60, 2);
        assertThat(uploads.declareLength(deferred, 40, 1)).isPresent();
        uses(100, 2);
    }

    @Test
    void uploadThatNeverFits_isRefusedForGood() {
        wire(new Limits(100L, null, null, null, null, null));
        refused(() -> created(of(101L)), Limit.STAGED_BYTES, true);
        wire(new Limits(null, 0L, null, null, null, null));
        refused(() -> created(of(1L)), Limit.ACTIVE_UPLOADS, true);
        uses(0, 0);
    }

    @Test
    void bytesOfADeferredUpload_areNeverLost() {
        wire(new Limits(100L, null, null, null, null, null));
        Upload row = created(of(null));

        assertThat(uploads.advance(row, 130, 1)).as("they are durable already").isPresent();
        uses(130, 1);
        assertThatThrownBy(() -> limiter.roomFor(row)).isInstanceOf(LimitReachedException.class);
    }

    @Test
    void key_hasItsOwnLimitBesideTheOwners() {
        Caller caller = Caller.of(ann, Set.of(Role.UPLOAD), new Limits(10L, null, null, null, null, null), key);
        limiter.requireRoom(caller, 10L);
        created(of(10L));

        assertThatThrownBy(() -> limiter.requireRoom(caller, 1L))
                .isInstanceOfSatisfying(
                        LimitReachedException.class,
                        refusal -> assertThat(refusal.scope()).isEqualTo(Scope.KEY));
        refused(() -> created(of(1L)), Limit.STAGED_BYTES, false);
        uploads.create(upload(ann, "key:" + UUID.randomUUID(), of(1L)));
        assertThat(usage.find(Scope.OWNER, ann)).isEqualTo(new Usage(11, 2));
    }

    private static void refused(Runnable change, Limit limit, boolean lasting) {
        assertThatThrownBy(change::run).isInstanceOfSatisfying(LimitReachedException.class, refusal -> {
            assertThat(refusal.limit()).isEqualTo(limit);
            assertThat(refusal.isLasting()).isEqualTo(lasting);
        });
    }

    @Test
    void creationsAtTheEdge_exactlyThoseThatFitPass() throws Exception {
        wire(new Limits(100L, null, null, null, null, null));
        created(of(70L));

        List<Boolean> passed = Race.run(8, thread -> passes(() -> created(of(10L))));

        assertThat(passed).filteredOn(yes -> yes).hasSize(3);
        uses(100, 4);
    }

    @Test
    void firstCreationsOfAnOwner_mayComeTogether() throws Exception {
        wire(new Limits(30L, null, null, null, null, null));

        List<Boolean> passed = Race.run(8, thread -> passes(() -> created(of(10L))));

        assertThat(passed).filteredOn(yes -> yes).hasSize(3);
        uses(30, 3);
    }

    private static boolean passes(Runnable change) {
        try {
            change.run();
            return true;
        } catch (LimitReachedException e) {
            return false;
        }
    }

    @Test
    void manyChangesAtOnce_areAllCounted() throws Exception {
        List<Integer> unused = Race.run(8, thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 12; i++) {
                live(random);
            }
            return thread;
        });

        Usage counted = usage.count(Scope.OWNER, ann);
        uses(counted.stagedBytes(), counted.activeUploads());
    }

    private void live(Random random) {
        Upload row = created(of(random.nextBoolean() ? 100L : null));
        row = uploads.advance(row, random.nextInt(1, 50), 1).orElseThrow();
        if (row.isLengthDeferred() && random.nextBoolean()) {
            row = uploads.declareLength(row, 50 + random.nextInt(10), 1).orElseThrow();
        }
        switch (random.nextInt(4)) {
            case 0 -> assertThat(uploads.terminate(row)).isTrue();
            case 1 -> finish(row);
            default -> {}
        }
    }

    private void finish(Upload row) {
        Long length = row.length();
        if (length != null) {
            var unused = uploads.advance(row, length, 1).orElseThrow();
            boolean unusedToo = uploads.moveState(row.id(), UploadState.FINISHED, UploadState.DELIVERED, () -> true);
        }
    }

    @Test
    void batchesOfSeveralOwners_neverWaitForEachOther() throws Exception {
        List<String> owners = List.of(ann, "ben " + ann, "cid " + ann);
        List<Boolean> moved = Race.run(6, thread -> {
            List<Upload> rows = owners.stream()
                    .map(owner -> uploads.create(upload(
                            owner,
                            owner.equals(ann) ? key : null,
                            of(5L).offset(5).state(UploadState.FINISHED))))
                    .toList();
            return uploads.moveStates(thread % 2 == 0 ? rows : rows.reversed(), UploadState.DELIVERED, () -> true);
        });

        assertThat(moved).containsOnly(true);
        uses(0, 0);
    }

    @Test
    void nobody_isCountedOnlyWhenLimited_andRecountedAtTheStart() {
        uploads.create(upload("", null, of(5L)));
        long before = usage.count(Scope.OWNER, "").stagedBytes();
        assertThat(usage.find(Scope.OWNER, "").stagedBytes()).isNotEqualTo(before);

        wire(new Limits(Long.MAX_VALUE, null, null, null, null, null));
        counter.afterSingletonsInstantiated();

        assertThat(usage.find(Scope.OWNER, "")).isEqualTo(usage.count(Scope.OWNER, ""));
        uploads.create(upload("", null, of(7L)));
        assertThat(usage.find(Scope.OWNER, "").stagedBytes()).isEqualTo(before + 7);
        assertThat(usage.find(Scope.OWNER, "")).isEqualTo(usage.count(Scope.OWNER, ""));
    }

    @Test
    void recount_duringChanges_losesNone() throws Exception {
        wire(new Limits(Long.MAX_VALUE, null, null, null, null, null));
        counter.afterSingletonsInstantiated();
        List<Integer> unused = Race.run(5, thread -> {
            for (int i = 0; i < 10; i++) {
                if (thread == 0) {
                    usage.recount(Scope.OWNER, "");
                } else {
                    uploads.create(upload("", null, of(3L)));
                }
            }
            return thread;
        });

        assertThat(usage.find(Scope.OWNER, "")).isEqualTo(usage.count(Scope.OWNER, ""));
    }

    @Test
    void owners_areListedInPages() {
        List<String> names = List.of(ann + "1", ann + "2", ann + "3");
        names.forEach(name -> uploads.create(upload(name, null, of(5L))));

        List<OwnerUsage> first = limiter.owners(ann, 2);

        assertThat(first).extracting(OwnerUsage::owner).containsExactly(ann + "1", ann + "2");
        assertThat(first.getFirst().usage()).isEqualTo(new Usage(5, 1));
        assertThat(limiter.owners(ann + "2", 2)).extracting(OwnerUsage::owner).startsWith(ann + "3");
    }

    @Test
    void restart_findsWhatWasCounted() {
        created(of(100L));
        wire(new Limits(120L, null, null, null, null, null));

        refused(() -> created(of(21L)), Limit.STAGED_BYTES, false);
        uses(100, 1);
    }
}
