package dev.weir.script;

import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.nodes.RootNode;
import com.oracle.truffle.api.object.DynamicObjectLibrary;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.builtins.JSArray;
import com.oracle.truffle.js.runtime.builtins.JSOrdinary;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.Null;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes JavaScript's plain objects and arrays of JSON values, as {@code JSON.parse} of their text would, but put together in the
 * engine's own object model, which takes a tenth of the time when nothing is compiled. Objects of one make are alike, so what their
 * properties are called and where they are kept is remembered along the way of their names. Owned by the script's loop.
 */
final class DataIn {
    /** What an answer is when the value has something that only its text tells, such as an {@code Instant}. */
    static final Object UNKNOWN = new Object();

    /** Objects used as dictionaries are not remembered: as many names after one, as many steps in all, are. */
    private static final int WIDEST = 16;

    private static final int MOST_STEPS = 4096;
    private static final int DEEPEST = 500;
    private static final int KINDS = 3;

    private final JSRealm realm;
    private final Home home = new Home();
    private @Nullable Place first = new Place();
    private int steps;

    DataIn(JSRealm realm) {
        this.realm = realm;
    }

    /** The value for the script; {@link #UNKNOWN} when only its JSON text says what it is. */
    Object convert(@Nullable Object value) {
        return convert(value, 0);
    }

    private Object convert(@Nullable Object value, int depth) {
        if (value instanceof String text) {
            return string(text);
        }
        if (value == null) {
            return Null.instance;
        }
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (depth > DEEPEST) {
            return UNKNOWN;
        }
        if (value instanceof JsonObject object) {
            return object(object.getMap(), depth);
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, depth);
        }
        if (value instanceof JsonArray array) {
            return array(array.getList(), depth);
        }
        return value instanceof List<?> list ? array(list, depth) : UNKNOWN;
    }

    private static TruffleString string(String text) {
        return TruffleString.fromJavaStringUncached(text, TruffleString.Encoding.UTF_16);
    }

    private static Object number(Number number) {
        if (number instanceof Integer) {
            return number;
        }
        if (number instanceof Double) {
            return Double.isFinite(number.doubleValue()) ? number : UNKNOWN;
        }
        if (number instanceof Long || number instanceof Short || number instanceof Byte) {
            long whole = number.longValue();
            return whole == (int) whole ? (Object) (int) whole : (Object) (double) whole;
        }
        // As JSON.parse would: numbers have no other kind in JavaScript.
        return number instanceof BigDecimal || number instanceof BigInteger ? (Object) number.doubleValue() : UNKNOWN;
    }

    private Object array(List<?> list, int depth) {
        Object[] elements = new Object[list.size()];
        for (int i = 0; i < elements.length; i++) {
            Object element = convert(list.get(i), depth + 1);
            if (element == UNKNOWN) {
                return UNKNOWN;
            }
            elements[i] = element;
        }
        return JSArray.createConstant(realm.getContext(), realm, elements);
    }

    private Object object(Map<?, ?> map, int depth) {
        JSObject made = JSOrdinary.create(realm.getContext(), realm);
        Place place = first();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object value = convert(entry.getValue(), depth + 1);
            if (value == UNKNOWN || !(entry.getKey() instanceof String name)) {
                return UNKNOWN;
            }
            Step step = place == null ? null : place.step(name);
            if (step == null) {
                place = null;
                DynamicObjectLibrary.getUncached().put(made, string(name), value);
            } else {
                step.put(made, value);
                place = step.next;
            }
        }
        return made;
    }

    private Place first() {
        Place begin = first;
        if (begin == null || steps > MOST_STEPS) {
            steps = 0;
            begin = new Place();
            first = begin;
        }
        return begin;
    }

    /** Where one is after some properties of an object. */
    private final class Place {
        private final Map<String, Step> steps = new HashMap<>();
        private @Nullable Step latest;

        /** The property that follows; null where too many different ones have. */
        @Nullable
        Step step(String name) {
            Step before = latest;
            return before != null && before.name.equals(name) ? before : search(name);
        }

        private @Nullable Step search(String name) {
            Step known = steps.get(name);
            if (known == null && steps.size() < WIDEST) {
                known = new Step(name);
                steps.put(name, known);
            }
            latest = known;
            return known;
        }
    }

    /** One property at its place. */
    private final class Step {
        private final String name;
        private final TruffleString key;
        private final DynamicObjectLibrary writing;
        private final Place next = new Place();

        Step(String name) {
            this.name = name;
            this.key = string(name);
            this.writing = home.adopt(DynamicObjectLibrary.getFactory().createDispatched(KINDS));
            steps++;
        }

        void put(JSObject object, Object value) {
            writing.put(object, key, value);
        }
    }

    /** Truffle's nodes work as children of a root only. This one is never run. */
    static final class Home extends RootNode {
        Home() {
            super(null);
        }

        <T extends com.oracle.truffle.api.nodes.Node> T adopt(T node) {
            return insert(node);
        }

        @Override
        public Object execute(VirtualFrame frame) {
            throw new UnsupportedOperationException("a home for nodes");
        }
    }
}
