package dev.weir.journal.subscription;

import dev.weir.bus.KeptEvent;
import dev.weir.bus.Position;
import org.jspecify.annotations.Nullable;

/**
 * An event given to a consumer, to be settled by its id.
 *
 * @param attempt from 1
 */
record Delivery(Id id, int attempt, KeptEvent event) {
    /** Names a delivery: {@code <address>/<epoch>:<offset>/<attempt>}. */
    record Id(String address, Position at, int attempt) {
        private static final int MOST_DIGITS = 9;

        /** Reads an id; null when the text is none. */
        static @Nullable Id parse(String text) {
            int first = text.indexOf('/');
            int last = text.lastIndexOf('/');
            if (first < 1 || last <= first || text.length() - last > MOST_DIGITS) {
                return null;
            }
            Position at = Position.parse(text.substring(first + 1, last));
            try {
                int attempt = Integer.parseInt(text.substring(last + 1));
                return at == null || attempt < 1 ? null : new Id(text.substring(0, first), at, attempt);
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }

        @Override
        public String toString() {
            return address + "/" + at + "/" + attempt;
        }
    }
}
