package dev.weir.bus;

import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node's answer to a member that is none and asks who is on an address, on {@link Addresses#DESK_PREFIX}: {@code {address, seen,
 * wait}} is answered with {@code {list, seen}} as soon as the list is another than the one seen, and with {@code {}} when that is
 * not so for {@code wait} milliseconds. Whoever is told that way misses nothing but what was undone within a moment. Owned by its
 * context.
 */
public final class PresenceWire implements Roster.Watcher {
    /** How long to wait for something to change, in milliseconds. */
    static final String WAIT = "wait";

    /** Names the list that is known. */
    static final String SEEN = "seen";

    /** The list, as {@link PresenceNews#toJson()}. */
    static final String LIST = "list";

    private static final int LONGEST_WAIT_MILLIS = 30_000;

    private final Roster roster;
    private final Timers timers;
    private final Context context;
    private final Message<JsonObject> question;
    private final String address;
    private final @Nullable String seen;
    private Timers.@Nullable Timer waiting;
    private boolean answered;

    /** One answer, on the current context. */
    public PresenceWire(Roster roster, Timers timers, Context context, Message<JsonObject> question) {
        this.roster = roster;
        this.timers = timers;
        this.context = context;
        this.question = question;
        this.address = question.body().getString("address", "");
        this.seen = question.body().getString(SEEN);
    }

    /** Answers, now or later. */
    public void answer() {
        int wait = Math.min(question.body().getInteger(WAIT, 0), LONGEST_WAIT_MILLIS);
        waiting = timers.after(Duration.ofMillis(wait), () -> end(new JsonObject()));
        // It tells of the list first, so nothing that changes from now on is missed.
        roster.watch(address, question.replyAddress(), this);
    }

    @Override
    public void begins(List<String> sessions, PresenceNews list) {
        context.runOnContext(turn -> look());
    }

    @Override
    public void told(PresenceNews news) {
        context.runOnContext(turn -> look());
    }

    private void look() {
        if (!answered) {
            roster.list(address, roster.limits().members()).onSuccess(this::compare);
        }
    }

    private void compare(PresenceNews found) {
        // Where there are too many to tell, only their number is told.
        PresenceNews list = found.truncated() ? PresenceNews.of(address, found.count(), List.<Member>of()) : found;
        String name = name(list);
        if (!name.equals(seen)) {
            end(new JsonObject().put(LIST, list.toJson()).put(SEEN, name));
        }
    }

    /** The same on every node, whoever it heard of first. */
    private static String name(PresenceNews list) {
        List<Member> sorted = list.members() == null
                ? List.of()
                : list.members().stream()
                        .sorted(Comparator.comparing(Member::id).thenComparing(Member::anonymous))
                        .toList();
        String text =
                PresenceNews.of(list.address(), list.count(), sorted).toJson().encode();
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private void end(JsonObject answer) {
        if (answered) {
            return;
        }
        answered = true;
        if (waiting != null) {
            waiting.cancel();
        }
        roster.unwatch(address, this);
        question.reply(answer);
    }
}
