package dev.weir.bus;

import dev.weir.bus.Permission.Action;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Events for later as producers see them: accepted, looked at, taken back. Whose an event is, is decided here: a signed-in client's
 * by its subject, another's by its session; operators and the node's own code may look at all. Of the events of others nobody
 * learns. Thread-safe.
 */
public final class DelayedEvents {
    private static final String AUTH_ID = EventHeaders.PREFIX + "authid";
    private static final String SESSION = EventHeaders.PREFIX + "weirsession";

    private final Clock clock;
    private final Authorizer authorizer;
    private final AtomicReference<@Nullable Delayed> store = new AtomicReference<>();

    DelayedEvents(Clock clock, Authorizer authorizer) {
        this.clock = clock;
        this.authorizer = authorizer;
    }

    /** Tells what keeps them. */
    public void keep(Delayed keeping) {
        store.set(keeping);
    }

    private Delayed store() {
        Delayed keeping = store.get();
        if (keeping == null) {
            throw new Refusal(
                    FailureCode.REJECTED,
                    "this node has no journal that keeps events for later, so " + Delay.AT + " and " + Delay.AFTER
                            + " are refused: it takes journal.engine sqlite or postgresql, and a policy with keep");
        }
        return keeping;
    }

    /** Refuses what cannot be for later. */
    static void refuse(MultiMap headers) {
        if (Delay.isAsked(headers)) {
            throw Delay.invalid("what is for one listener only cannot be for later: publish it, without " + Delay.AT
                    + " and " + Delay.AFTER + " it goes at once");
        }
    }

    /** Keeps events for later, of which each must say when. */
    Future<List<Receipt>> accept(String address, List<Journal.Entry> entries) {
        try {
            Delayed keeping = store();
            List<Delayed.Order> orders = new ArrayList<>(entries.size());
            for (int i = 0; i < entries.size(); i++) {
                orders.add(order(entries.get(i), entries.size() == 1 ? -1 : i));
            }
            return keeping.accept(address, orders);
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private static Delayed.Order order(Journal.Entry entry, int index) {
        Delay delay;
        try {
            delay = Delay.take(entry.headers());
        } catch (Refusal refusal) {
            throw index < 0 ? refusal : refusal.ofEvent(index);
        }
        if (delay == null) {
            throw Delay.invalid("the events of a batch are all for later or none is; this one says neither " + Delay.AT
                            + " nor " + Delay.AFTER)
                    .ofEvent(index);
        }
        return new Delayed.Order(entry, delay);
    }

    /**
     * Takes an event back that waits.
     *
     * @return completes once it will not be delivered, also when it was taken back before; fails with a {@link Refusal}: {@code
     *     too_late} when it was delivered, {@code not_found} when no event of this producer with this id is known
     */
    public Future<Void> cancel(Origin origin, String address, String id) {
        return permitted(origin, address)
                .compose(policy -> store().find(address, id, author(origin)).compose(found -> {
                    List<Delayed.Item> own =
                            found.stream().filter(item -> isOf(origin, item)).toList();
                    return mayPublish(policy, origin, address, own).compose(allowed -> cancel(own));
                }));
    }

    private Future<Void> cancel(List<Delayed.Item> own) {
        List<Future<Delayed.State>> states = new ArrayList<>();
        for (Delayed.Item item : own) {
            states.add(
                    item.state() == Delayed.State.WAITING
                            ? store().cancel(item.key())
                            : Future.succeededFuture(item.state()));
        }
        return Future.all(states).map(done -> {
            if (states.stream().map(Future::result).anyMatch(Delayed.State.CANCELLED::equals)) {
                return null;
            }
            throw own.isEmpty()
                    ? new Refusal(FailureCode.NOT_FOUND, "no event of yours with this id waits here")
                    : new Refusal(
                            FailureCode.TOO_LATE,
                            "the event was delivered, since its time came at "
                                    + EventHeaders.formatTime(own.get(0).due()));
        });
    }

    /** One's own events that wait on an address, of all producers for operators and viewers; by their time, after a key. */
    public Future<List<Delayed.Item>> list(Origin origin, String address, @Nullable String after, int limit) {
        return permitted(origin, address).compose(policy -> {
            boolean all = isOverseer(origin)
                    || (signedIn(origin) && origin.who().roles().contains(Principal.VIEWER));
            if (!all && !signedIn(origin)) {
                return Future.failedFuture(new Refusal(FailureCode.NOT_LOGGED_IN));
            }
            return store().list(address, all ? null : origin.who().sub(), after, limit);
        });
    }

    private Future<Policy> permitted(Origin origin, String address) {
        try {
            if (!isOverseer(origin) && !signedIn(origin) && origin.session() == null) {
                return Future.failedFuture(new Refusal(FailureCode.NOT_LOGGED_IN));
            }
            return Future.succeededFuture(authorizer.policyOf(address));
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    /** Who may not publish there any more may not take back either. */
    private Future<Void> mayPublish(Policy policy, Origin origin, String address, List<Delayed.Item> own) {
        if (isOverseer(origin) || own.isEmpty()) {
            return Future.succeededFuture();
        }
        String type = own.get(0).headers().get(EventHeaders.TYPE);
        return authorizer.check(
                policy, origin.who(), Action.PUBLISH, address, type == null ? EventHeaders.DEFAULT_TYPE : type);
    }

    /** Nobody hides one's own events behind many of his with the same id. */
    private @Nullable String author(Origin origin) {
        return isOverseer(origin) || !signedIn(origin) ? null : origin.who().sub();
    }

    private boolean isOf(Origin origin, Delayed.Item item) {
        if (isOverseer(origin)) {
            return true;
        }
        String author = item.headers().get(AUTH_ID);
        if (signedIn(origin)) {
            return String.valueOf(origin.who().sub()).equals(author);
        }
        return author == null
                && origin.session() != null
                && origin.session().equals(item.headers().get(SESSION));
    }

    private boolean isOverseer(Origin origin) {
        return origin.trusted() || (signedIn(origin) && origin.who().roles().contains(Principal.OPERATOR));
    }

    private boolean signedIn(Origin origin) {
        return origin.who().signedIn(clock.millis());
    }
}
