package dev.weir.script;

import dev.weir.script.node.Bindings;
import dev.weir.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** What bootstrap.js calls of the host. Owned by the script's loop. */
public final class HostCalls {
    private final ScriptHost host;
    private final Modules modules;
    private final Map<String, Object> bindings = new HashMap<>();

    HostCalls(ScriptHost host, Modules modules) {
        this.host = host;
        this.modules = modules;
    }

    /** There are ticks that nobody is about to drain. */
    @HostAccess.Export
    public void ticks() {
        host.loop().ticks();
    }

    /** A promise was rejected and nobody handles that. */
    @HostAccess.Export
    public void rejected() {
        host.loop().rejected();
    }

    /** Whether a timer or an immediate keeps the program running. */
    @HostAccess.Export
    public void alive(boolean some) {
        host.loop().alive(some);
    }

    /** The next timer is due in {@code millis}; replaces what was said before. */
    @HostAccess.Export
    public void arm(int millis) {
        host.loop().arm(millis);
    }

    /** There are immediates. */
    @HostAccess.Export
    public void immediates() {
        host.loop().immediates();
    }

    /** The loop's time, in milliseconds. */
    @HostAccess.Export
    public long millis() {
        return host.loop().millis();
    }

    /** Whether the clock is a test's, which jumps. */
    @HostAccess.Export
    public boolean jumps() {
        return host.clock() != Clock.system();
    }

    /** Milliseconds since 1970, by that clock. */
    @HostAccess.Export
    public long wallMillis() {
        return host.clock().millis();
    }

    /** An error that nobody caught: its stack, with what it says, and the code of a program that ends by it. */
    @HostAccess.Export
    public void fatal(String error, int code) {
        host.loop().fatal(error, code);
    }

    /** The program is at its end. */
    @HostAccess.Export
    public void finished(int code) {
        host.loop().exit(code);
    }

    /**
     * The key of the module that {@code request} means in module {@code from}; a leading {@code !} says that there is none,
     * then follow the error's code and, after a line break, its message.
     */
    @HostAccess.Export
    public String resolve(String from, String request) {
        return modules.resolver().resolve(from, request, Resolver.Kind.REQUIRE);
    }

    /** The wrapper function of a module's source. */
    @HostAccess.Export
    public Value compile(String key) {
        return modules.compile(key);
    }

    /** Runs an ES module; its promise, or nothing. */
    @HostAccess.Export
    public Value evaluate(String key) {
        return modules.evaluate(key);
    }

    /** The script is up: its main module ran to its end. */
    @HostAccess.Export
    public void up() {
        host.up();
    }

    /** A stack that calls every file as it is called. */
    @HostAccess.Export
    public String placed(String stack) {
        return modules.imports().placed(stack);
    }

    /** The text of a JSON module. */
    @HostAccess.Export
    public String text(String key) {
        return modules.text(key);
    }

    /** Whether a file is an ES module. */
    @HostAccess.Export
    public boolean isModule(String key) {
        return modules.resolver().isModule(key);
    }

    /** Whether an import has found this core or CommonJS module. */
    @HostAccess.Export
    public boolean imported(String key) {
        return modules.imports().standsFor(key);
    }

    /** A core module's part in Java. */
    @HostAccess.Export
    public @Nullable Object binding(String name) {
        Object made = bindings.get(name);
        if (made == null) {
            made = Bindings.make(name, host);
            if (made != null) {
                bindings.put(name, made);
            }
        }
        return made;
    }
}
