package dev.narwhal.upload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of an upload.
 *
 * @param before the row before the change; null when there was no row: for {@link Type#CREATED}, and for an upload that is
 *     finished as it is created
 * @param now the row after the change; the last row for {@link Type#FORGOTTEN}
 */
public record UploadEvent(Type type, @Nullable Upload before, Upload now) {

    /** The kinds of changes. */
    public enum Type {
        /**
         * The row was added. An upload that is finished at once (a length of 0, a final of finished partials) is FINISHED next.
         */
        CREATED,
        /**
         * The upload is still being received: more of its bytes are durable, its length was declared, or a new writer has
         * claimed it.
         */
        ADVANCED,
        /** The last byte is durable. */
        FINISHED,
        /** The object at the destination is verified. */
        DELIVERED,
        /** The delivery was given up. */
        DELIVERY_FAILED,
        /** An operator has asked for another try of a delivery that was given up: the upload is FINISHED again. */
        RETRIED,
        /** The client did not finish the upload before its deadline. */
        EXPIRED,
        /** The client has deleted the upload. */
        TERMINATED,
        /** The row was removed, some time after the upload's end. */
        FORGOTTEN
    }

    /** The events of a creation that adds this row. */
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
