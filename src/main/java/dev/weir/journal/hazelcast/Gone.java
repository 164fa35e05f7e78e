package dev.weir.journal.hazelcast;

/** A ring does not have what its log says it has: it was lost with too many members, or was replaced meanwhile. */
final class Gone extends Exception {
    private static final long serialVersionUID = 1L;

    Gone(String ring, long offset) {
        super(ring + " has no event " + offset);
    }
}
