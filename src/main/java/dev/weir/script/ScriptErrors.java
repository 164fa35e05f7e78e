package dev.weir.script;

import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;

/** Says what went wrong in a script: message, file, line, column and stack. Stateless. */
final class ScriptErrors {
    private ScriptErrors() {}

    /** An error as it came out of the engine. */
    static String describe(PolyglotException failure) {
        return describe(failure, "");
    }

    /** @param where where it was in the script when it was interrupted, as lines of a stack; empty when that is not known */
    static String describe(PolyglotException failure, String where) {
        if (failure.isHostException()) {
            return String.valueOf(failure.asHostException());
        }
        if (failure.isInterrupted()) {
            return "interrupted: it kept its event loop longer than script.max-block"
                    + (where.isEmpty() ? frames(failure) : where);
        }
        SourceSection at = failure.getSourceLocation();
        if (failure.isSyntaxError() && at != null) {
            return place(at) + ": " + failure.getMessage();
        }
        Value error = failure.getGuestObject();
        if (error != null
                && error.hasMember("stack")
                && error.getMember("stack").isString()) {
            return error.getMember("stack").asString();
        }
        return failure.getMessage() + (at == null ? "" : "\n    at " + place(at));
    }

    private static String frames(PolyglotException failure) {
        StringBuilder text = new StringBuilder();
        for (PolyglotException.StackFrame frame : failure.getPolyglotStackTrace()) {
            SourceSection at = frame.getSourceLocation();
            if (frame.isGuestFrame() && at != null && !at.getSource().isInternal()) {
                text.append("\n    at ")
                        .append(frame.getRootName())
                        .append(" (")
                        .append(place(at))
                        .append(')');
            }
        }
        return text.toString();
    }

    /** A syntax error of a wrapped module, to be thrown into JavaScript with its place on top of its stack. */
    static RuntimeException placed(PolyglotException failure) {
        SourceSection at = failure.getSourceLocation();
        Value error = failure.getGuestObject();
        if (!failure.isSyntaxError() || at == null || error == null) {
            return failure;
        }
        error.putMember("stack", error + "\n    at " + place(at));
        return ScriptHost.thrown(error);
    }

    private static String place(SourceSection at) {
        return at.getSource().getName() + ":" + at.getStartLine() + ":" + column(at);
    }

    private static int column(SourceSection at) {
        int column = at.getStartColumn();
        return at.getStartLine() == 1 ? Math.max(1, column - Wrapper.shift(at.getSource())) : column;
    }
}
