package dev.weir.script;

import com.oracle.truffle.api.object.DynamicObject;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * The engine's own object behind a {@code Value}. Exported methods get it by a parameter of type {@code DynamicObject}; where a value
 * may be anything there is no such way, and it is read out of its field. Without that field all works, slower. Stateless.
 */
final class Raw {
    private static final @Nullable MethodHandle RECEIVER = find();

    private Raw() {}

    /** Null when it is no object of a language, or cannot be seen. */
    static @Nullable DynamicObject of(Value value) {
        if (RECEIVER == null) {
            return null;
        }
        try {
            return (Object) RECEIVER.invokeExact(value) instanceof DynamicObject object ? object : null;
        } catch (Throwable impossible) {
            throw new IllegalStateException("reading a field", impossible);
        }
    }

    private static @Nullable MethodHandle find() {
        try {
            Field receiver = Value.class.getSuperclass().getDeclaredField("receiver");
            receiver.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectGetter(receiver)
                    .asType(MethodType.methodType(Object.class, Value.class));
        } catch (ReflectiveOperationException | RuntimeException another) {
            return null;
        }
    }
}
