package dev.weir.emitter;

/** A reader did not keep up with its {@link EventStream}: events after those it has read are missing. */
public final class SlowReaderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SlowReaderException(String address, int limit) {
        super(
                limit + " events of '" + address
                        + "' waited for their reader, which is the limit: read faster, or ask events() for a larger limit or for"
                        + " Overflow.DROP_OLDEST",
                null,
                false,
                false);
    }
}
