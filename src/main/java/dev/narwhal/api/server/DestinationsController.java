package dev.narwhal.api.server;

import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.api.Page;
import dev.narwhal.delivery.DestinationControl;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/destinations}. */
@RestController
public final class DestinationsController {

    private final DestinationControl destinations;

    DestinationsController(DestinationControl destinations) {
        this.destinations = destinations;
    }

    /** All destinations, in alphabetical order. */
    @Needs(Role.OPERATE)
    @GetMapping("/api/v1/destinations")
    public Page<DestinationView> destinations() {
        return new Page<>(destinations.all().stream().map(DestinationView::of).toList(), null);
    }

    /** One destination. */
    @Needs(Role.OPERATE)
    @GetMapping("/api/v1/destinations/{name}")
    public DestinationView destination(@PathVariable String name) {
        return destinations.find(name).map(DestinationView::of).orElseThrow(DestinationsController::unknown);
    }

    /** Ends the pause of a destination: the deliveries that wait for it run now. */
    @Needs(Role.OPERATE)
    @PostMapping("/api/v1/destinations/{name}/resume")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void resume(@PathVariable String name) {
        if (!destinations.resume(name)) {
            if (destinations.find(name).isEmpty()) {
                throw unknown();
            }
            throw new ApiProblem(ApiError.NOT_PAUSED);
        }
    }

    private static ApiProblem unknown() {
        return new ApiProblem(ApiError.DESTINATION_UNKNOWN);
    }
}
