package dev.weir.config;

/**
 * Where a value was written.
 *
 * @param file the file as the user named it, or the environment variable
 * @param line from 1; 0 when the file as a whole is meant
 */
public record Location(String file, int line) {
    /** A place for values made in code, such as tests and defaults. */
    public static final Location NONE = new Location("(default)", 0);

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
