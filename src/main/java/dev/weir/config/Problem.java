package dev.weir.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param at where
 * @param message what is wrong, naming the key and the value
 * @param mend what to write instead
 */
public record Problem(Location at, String message, String mend) {
    @Override
    public String toString() {
        return at + ": " + message + (mend.isEmpty() ? "" : "\n    " + mend);
    }
}
