package dev.narwhal.upload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that has become of an upload.
 *
 * @param before the row as it was; null when there was none: for {@link Type#CREATED}, and for what is finished as it is created
 * @param now the row as it is; for {@link Type#FORGOTTEN} as it was last
 */
public record UploadEvent(Type type, @Nullable Upload before, Upload now) {

    /** What can become of an upload. */
    public enum Type {
        /** Its row is there; one that is finished at once (a length of 0, a final of finished partials) is FINISHED next. */
        CREATED,
        /** It is still being received: more bytes of it are durable, its length is known, or a new writer has claimed it. */
        ADVANCED,
        /** Its last byte is durable. */
        FINISHED,
        /** Its object is verified at its destination. */
        DELIVERED,
        /** Its delivery was given up. */
        DELIVERY_FAILED,
        /** Somebody wants the delivery that was given up tried again: it is FINISHED once more. */
        RETRIED,
        /** Nobody finished it in time. */
        EXPIRED,
        /** Its client deleted it. */
        TERMINATED,
        /** Its row is gone, some time after its end. */
        FORGOTTEN
    }

    /** What the creation of this row is. */
    static List<UploadEvent> creationOf(Upload row) {
        UploadEvent created = new UploadEvent(Type.CREATED, null, row);
        return row.state() == UploadState.FINISHED
                ? List.of(created, new UploadEvent(Type.FINISHED, null, row))
                : List.of(created);
    }

    static UploadEvent between(Upload before, Upload now) {
        Type type = switch (now.state()) {
            case RECEIVING -> Type.ADVANCED;
            case FINISHED -> before.state() == UploadState.FAILED ? Type.RETRIED : Type.FINISHED;
            case DELIVERED -> Type.DELIVERED;
            case FAILED -> Type.DELIVERY_FAILED;
            case EXPIRED -> Type.EXPIRED;
            case TERMINATED -> Type.TERMINATED;
        };
        return new UploadEvent(type, before, now);
    }

    static UploadEvent forgotten(Upload last) {
        return new UploadEvent(Type.FORGOTTEN, last, last);
    }
}
