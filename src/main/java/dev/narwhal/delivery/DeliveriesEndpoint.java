package dev.narwhal.delivery;

import dev.narwhal.delivery.OpenDeliveries.OpenDelivery;
import dev.narwhal.upload.UploadId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/deliveries}: lists undelivered uploads with their errors, and retries deliveries that were given up. It
 * reveals names and keys, so it exists only where {@code management.endpoints.web.exposure.include} names it.
 */
@WebEndpoint(id = "deliveries")
public final class DeliveriesEndpoint {

    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;

    private final OpenDeliveries open;
    private final ScheduledDeliveries scheduled;

    DeliveriesEndpoint(OpenDeliveries open, ScheduledDeliveries scheduled) {
        this.open = open;
        this.scheduled = scheduled;
    }

    /**
     * {@code GET}: the deliveries of one status, the oldest first, at most 1,000.
     *
     * @param status pending, sending, completing or failed (the default); 400 for anything else
     */
    @ReadOperation
    public WebEndpointResponse<List<OpenDelivery>> list(@Nullable DeliveryStatus status) {
        DeliveryStatus wanted = status == null ? DeliveryStatus.FAILED : status;
        return wanted == DeliveryStatus.DELIVERED
                ? new WebEndpointResponse<>(BAD_REQUEST)
                : new WebEndpointResponse<>(open.with(wanted));
    }

    /** {@code GET} with an upload's id: its delivery; 404 when it has none. */
    @ReadOperation
    public WebEndpointResponse<OpenDelivery> one(@Selector String upload) {
        return open.find(upload)
                .map(WebEndpointResponse::new)
                .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
    }

    /**
     * {@code POST} with an upload's id: retries a delivery that was given up. 409 when it was not given up, 404 when the upload
     * has no delivery.
     */
    @WriteOperation
    public WebEndpointResponse<Void> retry(@Selector String upload) {
        if (open.find(upload).isEmpty()) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        return new WebEndpointResponse<>(
                scheduled.retry(new UploadId(upload), null) ? WebEndpointResponse.STATUS_NO_CONTENT : CONFLICT);
    }
}
