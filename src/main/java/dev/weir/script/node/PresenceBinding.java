package dev.weir.script.node;

import dev.weir.bus.Attendee;
import dev.weir.bus.Ids;
import dev.weir.bus.PresenceNews;
import dev.weir.bus.Roster;
import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** Who is on an address, for a script. Owned by the script's loop; what it watches is given back when the script ends. */
public final class PresenceBinding implements Roster.Watcher {
    private static final Ids SESSIONS = new Ids();

    private final ScriptHost host;
    private final Roster roster;
    private final String address;
    private final Value told;
    private final String session = SESSIONS.next();
    private final ScriptLoop.Handle handle;
    private boolean present;
    private boolean begun;
    private boolean closed;

    private PresenceBinding(ScriptHost host, Roster roster, String address, Value told) {
        this.host = host;
        this.roster = roster;
        this.address = address;
        this.told = told;
        this.handle = host.loop().handle();
    }

    static PresenceBinding watch(ScriptHost host, String address, Value told) {
        Roster roster = Roster.reachableFrom(host.vertx());
        if (roster == null) {
            throw host.error(
                    "Error",
                    "unavailable",
                    "only verticles inside a Weir node and programs in its cluster know who is on " + address);
        }
        PresenceBinding watching = new PresenceBinding(host, roster, address, told);
        host.onClose(watching::close);
        roster.watch(address, watching.session, watching);
        return watching;
    }

    /** Is there under a name, or shows something else of itself: JSON text, null for nothing. */
    @HostAccess.Export
    public void join(String id, @Nullable String data) {
        if (!roster.admits()) {
            throw host.error(
                    "Error", "unavailable", "only verticles inside a Weir node are on " + address + " themselves");
        }
        if (id.isEmpty() || id.length() > 200) {
            throw host.error("TypeError", null, "the id of a member has 1 to 200 characters, not " + id.length());
        }
        if (data != null && data.getBytes(StandardCharsets.UTF_8).length > roster.maxDataBytes()) {
            throw host.error(
                    "RangeError",
                    "too_large",
                    "the data of a member has at most " + roster.maxDataBytes() + " bytes; see presence.max-data");
        }
        present = true;
        roster.join(address, session, new Attendee(id, false, data));
    }

    /** Is there no more. */
    @HostAccess.Export
    public void leave() {
        if (present) {
            present = false;
            roster.leave(address, session);
        }
    }

    /** Neither is there nor watches any more. */
    @HostAccess.Export
    public void close() {
        if (!closed) {
            leave();
            closed = true;
            roster.unwatch(address, this);
            handle.close();
        }
    }

    @Override
    public void begins(List<String> sessions, PresenceNews list) {
        String text = list.toJson().encode();
        host.context().runOnContext(here -> {
            begun = true;
            tell(text);
        });
    }

    @Override
    public void delayed(Throwable why) {
        String text = new JsonObject()
                .put("delayed", Settling.codeOf(why))
                .put("message", String.valueOf(why.getMessage()))
                .encode();
        host.context().runOnContext(here -> tell(text));
    }

    @Override
    public void told(PresenceNews news) {
        String text = news.toJson().encode();
        host.context().runOnContext(here -> {
            if (begun) {
                tell(text);
            }
        });
    }

    private void tell(String text) {
        if (!closed) {
            host.loop().enter(told, text);
        }
    }
}
