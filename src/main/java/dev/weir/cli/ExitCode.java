package dev.weir.cli;

/** What the program's exit says. */
final class ExitCode {
    /** Done. */
    static final int OK = 0;

    /** The server answered with an error, or something broke. */
    static final int FAILED = 1;

    /** The configuration or the command line is wrong. */
    static final int USAGE = 2;

    /** The server refused: no permission, no such address, not valid. */
    static final int REFUSED = 3;

    /** No server answered. */
    static final int UNREACHABLE = 4;

    private ExitCode() {}
}
