package dev.weir.script;

import org.slf4j.Logger;

/** The console of a verticle: its lines are log entries under the verticle's name. Owned by the script's loop. */
final class LogConsole implements ScriptConsole {
    /** Of a script that never ends a line no more is held back. */
    private static final int LONGEST = 64 * 1024;

    private final Logger log;
    private final ScriptTally tally;
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();

    /** @param tally keeps the last lines */
    LogConsole(Logger log, ScriptTally tally) {
        this.log = log;
        this.tally = tally;
    }

    @Override
    public void logged(String level, String text) {
        tally.said(level, text);
    }

    @Override
    public void line(String level, String text) {
        tally.said(level, text);
        switch (level) {
            case "debug" -> log.debug("{}", text);
            case "warn" -> log.warn("{}", text);
            case "error" -> log.error("{}", text);
            default -> log.info("{}", text);
        }
    }

    @Override
    public void write(boolean error, String text) {
        StringBuilder line = error ? err : out;
        line.append(text);
        int last = text.lastIndexOf('\n');
        if (last >= 0) {
            int end = line.length() - text.length() + last;
            line(error ? "error" : "info", line.substring(0, end));
            line.delete(0, end + 1);
        } else if (line.length() >= LONGEST) {
            line(error ? "error" : "info", line.toString());
            line.setLength(0);
        }
    }
}
