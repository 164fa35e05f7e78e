package dev.weir.script;

import com.oracle.truffle.api.object.DynamicObject;
import com.oracle.truffle.api.object.DynamicObjectLibrary;
import com.oracle.truffle.api.object.HiddenKey;
import com.oracle.truffle.api.object.Property;
import com.oracle.truffle.api.object.Shape;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.SafeInteger;
import com.oracle.truffle.js.runtime.array.ScriptArray;
import com.oracle.truffle.js.runtime.builtins.JSArray;
import com.oracle.truffle.js.runtime.builtins.JSArrayObject;
import com.oracle.truffle.js.runtime.builtins.JSOrdinary;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.JSProperty;
import com.oracle.truffle.js.runtime.objects.Null;
import com.oracle.truffle.js.runtime.objects.Undefined;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JavaScript's plain objects and arrays as the JSON that {@code JSON.stringify} would make of them, out of the engine's own
 * object model. Whatever runs code or is decided by it ({@code toJSON}, accessors, other prototypes, functions, big integers) is left
 * to {@code JSON.stringify}, and nothing was run or changed by then. Owned by the script's loop.
 */
final class DataOut {
    /** What an answer is when {@code JSON.stringify} has to say. */
    static final Object UNKNOWN = new Object();

    private static final TruffleString TO_JSON =
            TruffleString.fromJavaStringUncached("toJSON", TruffleString.Encoding.UTF_16);
    private static final int DEEPEST = 100;
    private static final int MOST_SHAPES = 512;
    private static final double SAFE = 1L << 53;

    private final JSDynamicObject objects;
    private final JSDynamicObject arrays;
    private final DataIn.Home home = new DataIn.Home();
    private final IdentityHashMap<Shape, Layout> layouts = new IdentityHashMap<>();
    private @Nullable Shape latestShape;
    private Layout latest = Layout.OTHER;
    private @Nullable Shape objectsLook;
    private @Nullable Shape arraysLook;

    DataOut(JSRealm realm) {
        this.objects = realm.getObjectPrototype();
        this.arrays = realm.getArrayPrototype();
    }

    /** What is known of all objects of one shape: their properties, if they have nothing but data. */
    private record Layout(boolean plain, List<Field> fields) {
        static final Layout OTHER = new Layout(false, List.of());
    }

    private record Field(Object key, String name, DynamicObjectLibrary reading) {}

    /** {@code JsonObject}, {@code JsonArray}, or {@link #UNKNOWN}. */
    Object convert(DynamicObject value) {
        if (isTaught()) {
            return UNKNOWN;
        }
        Object made = value(value, 0);
        if (made instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // Made below.
            Map<String, Object> members = (Map<String, Object>) map;
            return new JsonObject(members);
        }
        return made instanceof List<?> list ? new JsonArray(list) : UNKNOWN;
    }

    /** Whether somebody has given all objects or arrays a {@code toJSON}; looked at anew when these have changed. */
    private boolean isTaught() {
        if (objects.getShape() == objectsLook && arrays.getShape() == arraysLook) {
            return false;
        }
        if (JSObject.hasOwnProperty(objects, TO_JSON) || JSObject.hasOwnProperty(arrays, TO_JSON)) {
            return true;
        }
        objectsLook = objects.getShape();
        arraysLook = arrays.getShape();
        return false;
    }

    private @Nullable Object value(@Nullable Object value, int depth) {
        if (value instanceof TruffleString text) {
            return text.toJavaStringUncached();
        }
        if (value instanceof Integer || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Double number) {
            return number(number);
        }
        if (value == Null.instance) {
            return null;
        }
        if (value instanceof SafeInteger whole) {
            return whole(whole.longValue());
        }
        if (depth > DEEPEST) {
            return UNKNOWN;
        }
        if (value instanceof JSArrayObject array) {
            return array(array, depth);
        }
        return JSOrdinary.isJSOrdinaryObject(value) && value instanceof JSObject object
                ? object(object, depth)
                : UNKNOWN;
    }

    /** As the number's text would be read. */
    private static @Nullable Object number(double number) {
        if (!Double.isFinite(number)) {
            return null;
        }
        if (number != Math.rint(number)) {
            return number;
        }
        return Math.abs(number) < SAFE ? whole((long) number) : UNKNOWN;
    }

    private static Object whole(long number) {
        return number == (int) number ? (Object) (int) number : (Object) number;
    }

    private @Nullable Object array(JSArrayObject array, int depth) {
        if (JSObject.getPrototype(array) != arrays || !JSArray.isJSFastArray(array) || hasExtras(array)) {
            return UNKNOWN;
        }
        ScriptArray elements = JSObject.getArray(array);
        int length = (int) Math.min(elements.length(array), Integer.MAX_VALUE);
        List<@Nullable Object> made = new ArrayList<>(Math.min(length, 1024));
        for (int i = 0; i < length; i++) {
            Object raw = elements.getElement(array, i);
            // JSON has no undefined; in an array its place is kept.
            Object element = raw == Undefined.instance ? null : value(raw, depth + 1);
            if (element == UNKNOWN) {
                return UNKNOWN;
            }
            made.add(element);
        }
        return made;
    }

    /** An array has one property besides its elements, which is its length. */
    private static boolean hasExtras(JSArrayObject array) {
        return array.getShape().getPropertyCount() > 1;
    }

    private Object object(JSObject object, int depth) {
        Layout layout = layout(object.getShape());
        if (!layout.plain || JSObject.getPrototype(object) != objects) {
            return UNKNOWN;
        }
        List<Field> fields = layout.fields;
        Map<String, @Nullable Object> made = new LinkedHashMap<>(2 * fields.size());
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Object raw = field.reading.getOrDefault(object, field.key, Undefined.instance);
            if (raw == Undefined.instance) {
                continue;
            }
            Object value = value(raw, depth + 1);
            if (value == UNKNOWN) {
                return UNKNOWN;
            }
            made.put(field.name, value);
        }
        return made;
    }

    private Layout layout(Shape shape) {
        if (shape != latestShape) {
            if (layouts.size() > MOST_SHAPES) {
                layouts.clear();
            }
            latest = layouts.computeIfAbsent(shape, this::read);
            latestShape = shape;
        }
        return latest;
    }

    private Layout read(Shape shape) {
        List<Field> fields = new ArrayList<>();
        for (Property property : shape.getPropertyList()) {
            if (property.getKey() instanceof HiddenKey) {
                continue;
            }
            if (!(property.getKey() instanceof TruffleString key) || !isData(property)) {
                return Layout.OTHER;
            }
            String name = key.toJavaStringUncached();
            if (isNumeric(name) || name.equals("toJSON")) {
                return Layout.OTHER;
            }
            fields.add(new Field(
                    key, name, home.adopt(DynamicObjectLibrary.getFactory().createDispatched(1))));
        }
        return new Layout(true, List.copyOf(fields));
    }

    /** Names that are numbers come first and in their order: left to {@code JSON.stringify}. */
    private static boolean isNumeric(String name) {
        return !name.isEmpty() && Character.isDigit(name.charAt(0));
    }

    private static boolean isData(Property property) {
        return JSProperty.isData(property) && !JSProperty.isProxy(property) && JSProperty.isEnumerable(property);
    }
}
