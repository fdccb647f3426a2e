package dev.narwhal.api.keys;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.AuditTrail;
import dev.narwhal.api.Needs;
import dev.narwhal.api.Page;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/keys}: for administrators. The first of them has got a key on the machine. */
@RestController
@RequestMapping("/api/v1/keys")
class KeysController {

    private static final String GRACE = "1d";

    private final ApiKeys keys;

    KeysController(ApiKeys keys) {
        this.keys = keys;
    }

    /** @param grace how long the secret before stays valid; a day by default */
    record Rotation(@Nullable String grace) {}

    /** All keys, the revoked ones too, the newest first. */
    @Needs(Role.ADMIN)
    @GetMapping
    Page<KeyView> list() {
        return new Page<>(keys.all().stream().map(key -> KeyView.of(key, null)).toList(), null);
    }

    @Needs(Role.ADMIN)
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    KeyView create(@RequestBody NewKey wanted, Caller caller, HttpServletRequest request) {
        ApiKeys.Created made = keys.create(
                wanted.checkedOwner(),
                wanted.roles(),
                wanted.limits() == null ? Limits.NONE : wanted.limits().limits(),
                wanted.lifetime(),
                Objects.requireNonNullElse(caller.actor(), ""));
        AuditTrail.name(request, made.key().id());
        return KeyView.of(made.key(), made.text());
    }

    /** Gives the key another secret. */
    @Needs(Role.ADMIN)
    @PostMapping("/{id}/rotate")
    KeyView rotate(@PathVariable String id, @RequestBody(required = false) @Nullable Rotation wanted) {
        String grace = wanted == null || wanted.grace() == null ? GRACE : wanted.grace();
        Duration overlap = NewKey.duration("grace", grace);
        String text = keys.rotate(id, overlap).orElseThrow(() -> new ApiProblem(ApiError.KEY_NOT_FOUND));
        return KeyView.of(keys.find(id).orElseThrow(() -> new ApiProblem(ApiError.KEY_NOT_FOUND)), text);
    }

    /** Ends the key, its sessions, and within five seconds the bodies that are under way with it. */
    @Needs(Role.ADMIN)
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String id) {
        if (!keys.revoke(id)) {
            throw new ApiProblem(ApiError.KEY_NOT_FOUND);
        }
    }
}
