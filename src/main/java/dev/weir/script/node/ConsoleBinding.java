package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import org.graalvm.polyglot.HostAccess;

/** Where {@code console} and {@code process.stdout} write: the log, or the streams of a program. Owned by the script's loop. */
public final class ConsoleBinding {
    private final ScriptHost host;

    ConsoleBinding(ScriptHost host) {
        this.host = host;
    }

    /**
     * Writes one message, which may have several lines.
     *
     * @param level debug, info, warn or error
     */
    @HostAccess.Export
    public void line(String level, String text) {
        host.console().line(level, text);
    }

    /** Writes text without ending the line; a log gets it when the line ends. */
    @HostAccess.Export
    public void write(boolean error, String text) {
        host.console().write(error, text);
    }
}
