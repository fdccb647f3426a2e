package dev.narwhal.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which items of the acceptance list a test shows. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Item {

    /** Numbers of the items, 1 to 167; none for what the list does not have. */
    int[] value();

    Level level();

    /** How binding the item is. */
    enum Level {
        /** MUST in the specification. */
        M,
        /** SHOULD in the specification. */
        S,
        /** MAY in the specification. */
        MAY,
        /** Not in the specification: interoperability with stock clients, or safety. */
        I
    }
}
