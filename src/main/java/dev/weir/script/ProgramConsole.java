package dev.weir.script;

import java.io.PrintStream;

/** The console of a script that is a program: standard output and standard error. Used on one thread. */
final class ProgramConsole implements ScriptConsole {
    private final PrintStream out;
    private final PrintStream err;

    ProgramConsole(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void line(String level, String text) {
        write(level.equals("warn") || level.equals("error"), text + "\n");
    }

    @Override
    public void write(boolean error, String text) {
        PrintStream stream = error ? err : out;
        stream.print(text);
        stream.flush();
    }
}
