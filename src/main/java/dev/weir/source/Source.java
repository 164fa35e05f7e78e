package dev.weir.source;

/** Makes events until it is stopped. Started and stopped on the event loop of its verticle, which it must not block. */
public interface Source {
    /** Begins; called once. */
    void start(SourceContext context);

    /** Ends; called at most once, after {@link #start}. */
    void stop();
}
