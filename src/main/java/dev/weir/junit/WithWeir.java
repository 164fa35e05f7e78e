package dev.weir.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node for tests: on a class one for all its tests, on a method one for it alone. Parameters of tests get what they need of it:
 * {@link WeirNode}, {@link java.net.URI} (where it serves), {@link io.vertx.core.Vertx} (its instance, for code that runs inside),
 * {@link WeirTime} (its clock), and {@link dev.weir.emitter.Emitter} with {@link At}.
 *
 * <pre>{@code
 * @WithWeir("addresses: [{match: orders, publish: anyone, subscribe: anyone}]")
 * class OrdersTest {
 *     @Test
 *     void placed(@At("orders") Emitter orders, WeirTime time) { ... }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WeirExtension.class)
public @interface WithWeir {
    /** The configuration, as in {@code conf/weir.yaml}; its {@code http.port} is a free one unless said. */
    String value() default "";

    /** The file of the configuration, instead of {@link #value}; relative to where the tests run. */
    String file() default "";

    /**
     * What relative paths in the configuration resolve against: a folder, relative to where the tests run. Where nothing is said, the
     * folder that holds {@code conf/} of the {@link #file}, and an empty one for a {@link #value}.
     */
    String home() default "";

    /** Environment variables, each as {@code NAME=value}: {@code WEIR_HTTP_MAX_LAG=1m}. */
    String[] environment() default {};
}
