package dev.weir.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The address or pattern of an {@link dev.weir.emitter.Emitter} that a test gets; it is closed after the test. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface At {
    /** The address or pattern. */
    String value();
}
