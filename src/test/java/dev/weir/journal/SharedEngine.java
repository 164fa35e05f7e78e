package dev.weir.journal;

import dev.weir.bus.Head;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An engine as if other nodes wrote to its store too. */
record SharedEngine(Engine own) implements Engine {
    @Override
    public void open(long nowMillis) throws JournalException {
        own.open(nowMillis);
    }

    @Override
    public List<Outcome> commit(List<Append> appends, long nowMillis) throws JournalException {
        return own.commit(appends, nowMillis);
    }

    @Override
    public boolean tidy(long nowMillis) throws JournalException {
        return own.tidy(nowMillis);
    }

    @Override
    public @Nullable Stored read(String address, long from, int limit) throws JournalException {
        return own.read(address, from, limit);
    }

    @Override
    public Map<String, Head> heads(Collection<String> addresses) throws JournalException {
        return own.heads(addresses);
    }

    @Override
    public OptionalLong before(String address, long millis) throws JournalException {
        return own.before(address, millis);
    }

    @Override
    public Optional<WorkStore> work() {
        return own.work();
    }

    @Override
    public Optional<Set<String>> addresses() throws JournalException {
        return own.addresses();
    }

    @Override
    public long trimmed() {
        return own.trimmed();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void close() {
        own.close();
    }
}
