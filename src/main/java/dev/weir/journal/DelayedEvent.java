package dev.weir.journal;

/**
 * An event whose time is to come.
 *
 * @param key names it; the same for a repeat of the event, when its producer chose the id
 * @param state what has become of it
 * @param dueMillis not before, by the store's clock
 * @param bytes size of its data, which {@code event} need not have
 */
public record DelayedEvent(String key, String address, State state, long dueMillis, int bytes, EventRow event) {
    /** What becomes of such an event. The numbers are in the store. */
    public enum State {
        /** Its time has not come. */
        WAITING(0),
        /** It was delivered. */
        DELIVERED(1),
        /** It was taken back. */
        CANCELLED(2),
        /** Somebody is about to deliver it on an address that keeps nothing. */
        TAKEN(3);

        private final int number;

        State(int number) {
            this.number = number;
        }

        /** As it is stored. */
        public int number() {
            return number;
        }

        /** Reads what {@link #number} gave. */
        public static State of(int number) {
            return values()[number];
        }
    }
}
