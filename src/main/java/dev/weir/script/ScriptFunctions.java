package dev.weir.script;

import dev.weir.bus.Functions;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/**
 * Functions in JavaScript for flows: the language and nothing else. Each open function has a context of its own. Thread-safe; GraalVM
 * is touched by the first function that is read.
 */
public final class ScriptFunctions implements Functions {
    /** Reads a function and keeps to limits. Stateless. */
    @Override
    public Function read(Code code, Limits limits) {
        Source source = source(code);
        try (Context probe = newContext(limits)) {
            if (!probe.eval(source).canExecute()) {
                throw new IllegalArgumentException(
                        code.at() + ": this is no function" + (code.isFile() ? "; assign one to module.exports" : ""));
            }
        } catch (PolyglotException wrong) {
            throw new IllegalArgumentException(ScriptErrors.describe(wrong), wrong);
        }
        return log -> new ScriptFunction(() -> newContext(limits), source, limits, log);
    }

    /** As many lines into its source as the text is into its file, so that errors say where they are. */
    private static Source source(Code code) {
        String text = code.isFile()
                ? "(function (module, exports) {" + code.text() + "\nreturn module.exports;})"
                : "(" + code.text().strip().replaceAll(";$", "") + "\n)";
        String lines = "\n".repeat(Math.max(0, code.at().line() - 1));
        String whole = code.isFile()
                ? "((make) => { const module = { exports: {} }; return make(module, module.exports); })(" + text + ")"
                : text;
        return Source.newBuilder("js", lines + whole, code.at().file()).buildLiteral();
    }

    static Context newContext(Limits limits) {
        return Context.newBuilder("js")
                .engine(Engines.shared())
                .allowHostAccess(Engines.ACCESS)
                .allowIO(IOAccess.NONE)
                .allowExperimentalOptions(true)
                .option("js.v8-compat", "true")
                .option("js.console", "false")
                .option("js.load", "false")
                .option("js.print", "false")
                .option("js.java-package-globals", "false")
                .option("js.polyglot-builtin", "false")
                .resourceLimits(ResourceLimits.newBuilder()
                        .statementLimit(limits.statements(), Engines.COUNTED)
                        .build())
                .build();
    }

    /** What calls a function: see functions.js. */
    static Value caller(Context context) {
        return context.eval(Library.own("functions.js"));
    }
}
