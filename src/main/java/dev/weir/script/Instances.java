package dev.weir.script;

import com.oracle.truffle.api.object.DynamicObject;
import com.oracle.truffle.api.object.DynamicObjectLibrary;
import com.oracle.truffle.api.object.HiddenKey;
import com.oracle.truffle.js.runtime.JSContext;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.builtins.JSOrdinary;
import com.oracle.truffle.js.runtime.objects.JSAttributes;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.Null;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Instances of a JavaScript class that are made in Java, for classes of which a handler gets one at each call: with one property, and a
 * Java object of which JavaScript has no sight. {@code new} and two fields take the interpreter several times as long. Owned by the
 * script's loop.
 */
public final class Instances {
    private static final HiddenKey HOST = new HiddenKey("host");

    private final Values values;
    private final Value setter;
    private final JSContext context;
    private final JSDynamicObject prototype;
    private final Object property;
    private final DynamicObjectLibrary hosts;
    private final DynamicObjectLibrary properties;

    Instances(Values values, JSRealm realm, JSDynamicObject prototype, JSDynamicObject sample, Value setter) {
        this.values = values;
        this.setter = setter;
        this.context = realm.getContext();
        this.prototype = prototype;
        this.property = JSObject.ownPropertyKeys(sample).get(0);
        DataIn.Home home = new DataIn.Home();
        this.hosts = home.adopt(DynamicObjectLibrary.getFactory().createDispatched(1));
        this.properties = home.adopt(DynamicObjectLibrary.getFactory().createDispatched(2));
    }

    /** A new one, with {@code data} as its property. */
    public Object of(Object host, @Nullable Object data) {
        JSObject made = JSOrdinary.createWithPrototype(prototype, context);
        hosts.put(made, HOST, host);
        Object plain = values.plain(data);
        properties.putWithFlags(
                made,
                property,
                plain == null ? Null.instance : plain,
                JSAttributes.configurableNotEnumerableWritable());
        if (plain == null) {
            setter.executeVoid(made, values.toJs(data));
        }
        return made;
    }

    /** The Java object of one; null when it is none. */
    public static @Nullable Object host(DynamicObject instance) {
        return DynamicObjectLibrary.getUncached().getOrDefault(instance, HOST, null);
    }
}
