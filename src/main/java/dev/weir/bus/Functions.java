package dev.weir.bus;

import dev.weir.config.Location;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Functions that users write in another language and flows call for each event. Flows know this face only; the node gives them the
 * one that runs JavaScript.
 */
@FunctionalInterface
public interface Functions {
    /** For where there is no such language. */
    Functions NONE = (code, limits) -> {
        throw new IllegalArgumentException("scripts are not available here");
    };

    /**
     * What a user wrote.
     *
     * @param text {@code (event, context) => ...}; or, in a file of its own, what assigns it to {@code module.exports}
     * @param at where it begins
     * @param isFile whether it is such a file
     */
    record Code(String text, Location at, boolean isFile) {}

    /**
     * How far a call may go.
     *
     * @param time a call that runs longer is interrupted
     * @param statements a call that runs more statements is given up
     */
    record Limits(Duration time, long statements) {}

    /** A function whose text was read and is right. May be opened any number of times; thread-safe. */
    @FunctionalInterface
    interface Function {
        /**
         * Makes it callable. Takes some milliseconds.
         *
         * @param log gets what the function says, with a level of {@code debug}, {@code info}, {@code warn} or {@code error}
         */
        Callable open(BiConsumer<String, String> log);
    }

    /** A function that can be called. Owned by one thread at a time; remembers what its text keeps outside of the function. */
    interface Callable extends AutoCloseable {
        /**
         * Calls it and waits for what it gives back, which it must have when nothing but its own code is left to run.
         *
         * @param event attributes by name, and {@code data} or {@code data_base64}
         * @param context what else it is told
         * @return a JSON value; null for nothing
         * @throws FailedException the function threw, or answered with what is no JSON: the same event fails again
         * @throws LimitException it took too long, which may be the machine's fault
         */
        @Nullable
        Object call(JsonObject event, JsonObject context);

        @Override
        void close();
    }

    /** The function failed for this event; the message says where. */
    class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** @param message for the flow's author */
        public FailedException(String message) {
            super(message);
        }
    }

    /** The function was interrupted at its limit of time. */
    class LimitException extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** @param message for the flow's author */
        public LimitException(String message) {
            super(message);
        }
    }

    /**
     * Reads a function. Blocking, and slow the first time: when flows are loaded.
     *
     * @throws IllegalArgumentException the text is wrong; the message says where
     */
    Function read(Code code, Limits limits);
}
