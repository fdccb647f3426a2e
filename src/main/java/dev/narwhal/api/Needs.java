package dev.narwhal.api;

import dev.narwhal.access.Role;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The roles of which the caller of an endpoint needs one; {@link Role#ADMIN} has them all. Others get 403 with the code
 * SCOPE_MISSING. Empty: every caller. Each method of a controller has this annotation.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
    Role[] value();
}
