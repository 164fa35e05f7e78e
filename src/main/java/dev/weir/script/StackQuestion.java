package dev.weir.script;

import com.oracle.truffle.api.debug.DebugStackFrame;
import com.oracle.truffle.api.debug.Debugger;
import com.oracle.truffle.api.debug.DebuggerSession;
import com.oracle.truffle.api.debug.SuspendedEvent;
import com.oracle.truffle.api.source.SourceSection;
import org.graalvm.polyglot.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Where a thread is in JavaScript, asked by another thread: the engine's debugger stops it at its next statement for as long as reading
 * its stack takes. A thread that is in a call of the host answers once it is back. Costs nothing but while it is open; then all code of
 * the engine is slower. Made and closed by one thread.
 */
final class StackQuestion implements AutoCloseable {
    private static final int DEEPEST = 30;

    private final DebuggerSession session;
    private volatile @Nullable String stack;

    StackQuestion(Engine engine, Thread thread) {
        session = Debugger.find(engine).startSession(this::answer);
        session.suspend(thread);
    }

    /** Lines that begin with {@code at}, the innermost first; null while there is no answer. */
    @Nullable
    String stack() {
        return stack;
    }

    private void answer(SuspendedEvent stopped) {
        StringBuilder lines = new StringBuilder();
        int frames = 0;
        for (DebugStackFrame frame : stopped.getStackFrames()) {
            SourceSection at = frame.getSourceSection();
            if (at != null && !at.getSource().isInternal() && frames++ < DEEPEST) {
                lines.append("\n    at ").append(place(frame.getName(), at));
            }
        }
        stack = lines.toString();
    }

    private static String place(@Nullable String function, SourceSection at) {
        String where = at.getSource().getName() + ":" + at.getStartLine() + ":" + at.getStartColumn();
        return function == null || function.startsWith(":") ? where : function + " (" + where + ")";
    }

    @Override
    public void close() {
        session.close();
    }
}
