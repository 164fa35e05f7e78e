package dev.weir.edge.bridge;

/**
 * Stops reading from a client that sends faster than its frames are done: too many wait, or too many have no answer yet. Owned by
 * the session's event loop.
 */
final class Pacing {
    private static final int WAITING_PAUSES = 64;
    private static final int UNANSWERED_PAUSES = 256;

    private final SessionSink sink;
    private int waiting;
    private int unanswered;
    private boolean paused;
    private boolean closed;

    Pacing(SessionSink sink) {
        this.sink = sink;
    }

    /** So many frames wait for the one being worked on. */
    void waiting(int frames) {
        waiting = frames;
        update();
    }

    /** One more frame awaits an answer. */
    void asked() {
        unanswered++;
        update();
    }

    /** One less. */
    void answered() {
        unanswered--;
        update();
    }

    /** The session ended: nothing is read any more. */
    void close() {
        closed = true;
    }

    private void update() {
        boolean full = waiting > WAITING_PAUSES || unanswered >= UNANSWERED_PAUSES;
        boolean drained = waiting == 0 && unanswered < UNANSWERED_PAUSES / 2;
        if (full && !paused) {
            paused = true;
            sink.pause();
        } else if (paused && drained && !closed) {
            paused = false;
            sink.resume();
        }
    }
}
