package dev.weir.bus;

/**
 * The ends of a log.
 *
 * @param epoch names the log's incarnation
 * @param head offset of the newest event, 0 when there never was one
 * @param floor offset of the newest event that is not kept any more
 */
public record Head(String epoch, long head, long floor) {
    /** The position of whoever has seen everything. */
    public Position position() {
        return new Position(epoch, head);
    }
}
