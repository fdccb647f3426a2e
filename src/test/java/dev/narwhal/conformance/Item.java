package dev.narwhal.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Which items of the {@link Catalogue} a test shows. A test that fails makes all of them red: items that a server may
 * have one of without the other need tests of their own.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OfferCondition.class)
@interface Item {

    /** Numbers of the items, 1 to 167; none for what the list does not have. */
    int[] value();

    /** That of each of the items. */
    Level level();

    /** Extensions that this test uses besides those that its items are about; "download" for GET. */
    String[] needs() default {};

    /** How binding the item is. */
    enum Level {
        /** MUST in the specification. */
        M("MUST"),
        /** SHOULD in the specification. */
        S("SHOULD"),
        /** MAY in the specification. */
        MAY("MAY"),
        /** Not in the specification: interoperability with stock clients, or safety. */
        I("interop");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** As people read it. */
        String word() {
            return word;
        }
    }
}
