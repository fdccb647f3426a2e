package dev.narwhal.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.Caller;
import dev.narwhal.access.CreationRules;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.upload.Sight;
import dev.narwhal.upload.UploadTerms;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VisibleUploadsTest {

    private static final Caller ANNA = Caller.of("anna", Set.of(Role.READ, Role.UPLOAD), Limits.NONE, "key:a");
    private static final Caller OPERATOR = Caller.of("ops", Set.of(Role.OPERATE), Limits.NONE, "key:o");

    private static UploadQuery query(@Nullable String owner, @Nullable String batch) {
        return new UploadQuery(null, owner, null, null, null, batch, null, null, null, null, null);
    }

    /** Whose uploads the caller sees: "all", "none", or an owner. */
    private static String ownerFor(Caller caller, @Nullable String owner, @Nullable String batch) {
        return VisibleUploads.of(query(owner, batch), caller)
                .map(narrowed -> Objects.requireNonNullElse(narrowed.owner(), "all"))
                .orElse("none");
    }

    @Test
    void owner_seesItsOwn_whateverItAsksFor() {
        assertThat(ownerFor(ANNA, null, null)).isEqualTo("anna");
        assertThat(ownerFor(ANNA, "anna", null)).isEqualTo("anna");
        assertThat(ownerFor(ANNA, null, "trip")).isEqualTo("anna");
        assertThat(ownerFor(ANNA, "ben", null)).isEqualTo("none");
        // Uploads of open times are found by their URL, and listed for operators alone.
        assertThat(ownerFor(ANNA, "", null)).isEqualTo("none");
    }

    @Test
    void operator_seesAll_andOneOwnerByName() {
        assertThat(ownerFor(OPERATOR, null, null)).isEqualTo("all");
        assertThat(ownerFor(OPERATOR, "ben", null)).isEqualTo("ben");
        assertThat(ownerFor(OPERATOR, null, "trip")).isEqualTo("ops");
        assertThat(ownerFor(OPERATOR, "ben", "trip")).isEqualTo("ben");
        assertThat(ownerFor(Caller.ANYBODY, null, null)).isEqualTo("all");
    }

    @Test
    void holderOfAnUploadUrl_listsNothing() {
        Caller holder = new Caller(
                "anna",
                Sight.ofCredential("url:1"),
                EnumSet.of(Role.UPLOAD, Role.READ),
                Limits.NONE,
                new UploadTerms("url:1", null, null),
                CreationRules.NONE);

        assertThat(ownerFor(holder, null, null)).isEqualTo("none");
    }
}
