package dev.weir.cli;

import java.io.Console;

/** Whether somebody looks at what is printed. Stateless. */
final class Terminal {
    private Terminal() {}

    /** Java 22 and newer have a console without a terminal too, and say so; older ones have none then. */
    @SuppressWarnings("SystemConsoleNull") // What newer ones have in place of null is asked.
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException unknown) {
            return false;
        }
    }
}
