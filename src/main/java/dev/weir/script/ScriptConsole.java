package dev.weir.script;

/** Where a script's {@code console} goes. Called on the script's loop only. */
public interface ScriptConsole {
    /**
     * One message, which may have several lines.
     *
     * @param level debug, info, warn or error
     */
    void line(String level, String text);

    /** A message that was written to the log beside the console. */
    default void logged(String level, String text) {}

    /** A piece of {@code process.stdout} or {@code process.stderr}, which may end in the middle of a line. */
    void write(boolean error, String text);
}
