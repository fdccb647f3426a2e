package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.CreationKey;
import dev.narwhal.upload.Sight;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadListener;
import dev.narwhal.upload.UploadRepository;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code creation_key}: a creation that is repeated, because its answer was lost, makes no second upload. The key
 * is stored in the transaction that adds the upload, so that of two creations at the same moment one has it.
 */
public final class CreationKeys implements UploadListener {

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?");
    private static final Duration OF_CLIENT = Duration.ofDays(1);

    /** Long enough for all retries of a stock client, and short enough for a client that means it. */
    private static final Duration OF_FINAL = Duration.ofMinutes(2);

    private static final Duration BETWEEN_PURGES = Duration.ofHours(1);

    private static final String FIND = """
            select upload_id, fingerprint from creation_key
            where scope = :scope and name = :name and expires_at > :now
            """;

    private static final String ADD = """
            insert into creation_key (scope, name, fingerprint, upload_id, expires_at)
            values (:scope, :name, :fingerprint, :upload, :expires)
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final Supplier<UploadRepository> uploads;
    private final AtomicLong purgedAt;
    private final Clock clock;

    /** @param uploads asked at the first request: the repository tells this listener */
    public CreationKeys(JdbcClient jdbc, RowCommitter committer, Supplier<UploadRepository> uploads, Clock clock) {
        this.committer = committer;
        this.purgedAt = new AtomicLong(clock.millis());
        this.jdbc = jdbc;
        this.uploads = uploads;
        this.clock = clock;
    }

    /**
     * The upload that an earlier creation of the same caller has made with the key; empty when there is none, or it has ended
     * since.
     *
     * @throws CreationKeyReusedException when that creation asked for something else
     */
    public Optional<Upload> find(Caller caller, CreationKey key) {
        return jdbc.sql(FIND)
                .param("scope", key.scope())
                .param("name", key.value())
                .param("now", time(clock.instant()), Types.TIMESTAMP_WITH_TIMEZONE)
                .query((row, number) -> checked(key, row.getString("fingerprint"), row.getString("upload_id")))
                .optional()
                .flatMap(id -> uploads.get().find(id, caller.sight()))
                .filter(upload -> upload.state().isLive());
    }

    private static UploadId checked(CreationKey key, String fingerprint, String id) {
        if (!key.fingerprint().equals(fingerprint)) {
            throw new CreationKeyReusedException();
        }
        return new UploadId(id);
    }

    /** True for 1 to 255 printable characters of ASCII. */
    public static boolean isValid(String sent) {
        return FORM.matcher(sent).matches();
    }

    /**
     * The key that a client has chosen.
     *
     * @param asked what the creation asks for, in words that are the same for the same creation
     */
    public static CreationKey ofClient(Caller caller, String sent, String asked) {
        return new CreationKey(scopeOf(caller), "key " + sent, sha256(asked), OF_CLIENT);
    }

    /** The key of a final, by what it is made of. */
    public static CreationKey ofFinal(Caller caller, String asked) {
        String fingerprint = sha256(asked);
        return new CreationKey(scopeOf(caller), "final " + fingerprint, fingerprint, OF_FINAL);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** Keys of two upload URLs have nothing to do with each other, although both have the same owner. */
    private static String scopeOf(Caller caller) {
        Sight sight = caller.sight();
        return sight.kind() == Sight.Kind.CREDENTIAL ? sight.value() : "owner:" + caller.owner();
    }

    /** Removes the keys that are over: now and then, and in a transaction of its own, for which no creation waits. */
    @Override
    public void committed(UploadEvent event) {
        if (event.type() != UploadEvent.Type.CREATED || event.now().terms().once() == null) {
            return;
        }
        Instant now = clock.instant();
        long last = purgedAt.get();
        boolean due = now.toEpochMilli() - last > BETWEEN_PURGES.toMillis();
        if (due && purgedAt.compareAndSet(last, now.toEpochMilli())) {
            int unused = committer.commit(() -> jdbc.sql("delete from creation_key where expires_at <= :now")
                    .param("now", time(now), Types.TIMESTAMP_WITH_TIMEZONE)
                    .update());
        }
    }

    /** @throws CreationRepeatedException when another creation has the key; there is no second upload then */
    @Override
    public void changed(UploadEvent event) {
        CreationKey key = event.now().terms().once();
        if (event.type() == UploadEvent.Type.CREATED && key != null) {
            add(event.now(), key);
        }
    }

    private void add(Upload upload, CreationKey key) {
        Instant now = clock.instant();
        int unused = jdbc.sql("""
                delete from creation_key k where k.scope = :scope and k.name = :name
                    and (k.expires_at <= :now
                        or exists (select 1 from upload u where u.id = k.upload_id and u.state in ('EXPIRED', 'TERMINATED')))
                """)
                .param("now", time(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("scope", key.scope())
                .param("name", key.value())
                .update();
        try {
            int one = jdbc.sql(ADD)
                    .param("scope", key.scope())
                    .param("name", key.value())
                    .param("fingerprint", key.fingerprint())
                    .param("upload", upload.id().value())
                    .param("expires", time(now.plus(key.validFor())), Types.TIMESTAMP_WITH_TIMEZONE)
                    .update();
        } catch (DuplicateKeyException e) {
            throw new CreationRepeatedException(e);
        }
    }

    private static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
