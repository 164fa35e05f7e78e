package dev.weir.journal;

import dev.weir.bus.Head;
import dev.weir.bus.Journal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps logs somewhere. {@link #open}, {@link #commit}, {@link #tidy} and {@link #close} are called by one thread, the writer;
 * {@link #read} and {@link #heads} by any. All may block. After an exception of the writer's methods, whichever it is, the engine is
 * closed, keeps nothing of what was half done, and may be opened again; what it then holds is the truth.
 */
public interface Engine extends AutoCloseable {
    /** Makes or opens the store and reads what must be in memory. */
    void open(long nowMillis) throws JournalException;

    /** Keeps all appends or none; durable on return. Outcomes are in the order of the appends. */
    List<Outcome> commit(List<Append> appends, long nowMillis) throws JournalException;

    /** Does a little of the work that can wait: moves floors, deletes. True when more waits. */
    boolean tidy(long nowMillis) throws JournalException;

    /** Reads what follows an offset, at most {@code limit} events; null when there is no such log. */
    @Nullable
    Stored read(String address, long from, int limit) throws JournalException;

    /** The ends of those logs that are there. */
    Map<String, Head> heads(Collection<String> addresses) throws JournalException;

    /**
     * The offset of the newest event that was appended before a moment, 0 or one at the floor or below when there is none. Must not
     * read all of the log. Empty where append times are not known.
     */
    default OptionalLong before(String address, long millis) throws JournalException {
        return OptionalLong.empty();
    }

    /** How much the data of the newest events of a log take; empty where that would need a look at all of them. */
    default Optional<Journal.Size> size(String address) throws JournalException {
        return Optional.empty();
    }

    /** Where subscriptions are kept; none when this engine cannot. */
    default Optional<WorkStore> work() {
        return Optional.empty();
    }

    /** Where events are looked for; none when this engine cannot. */
    default Optional<TraceStore> traces() {
        return Optional.empty();
    }

    /** The addresses that have a log; empty where that is not known. */
    default Optional<Set<String>> addresses() throws JournalException {
        return Optional.empty();
    }

    /** How many events retention has deleted through this engine. By any thread. */
    long trimmed();

    /** Whether other nodes write to it too; then {@link #heads} asks it, else it answers out of memory at once. */
    default boolean isShared() {
        return false;
    }

    @Override
    void close();
}
