package dev.weir.node;

import dev.weir.bus.LocalAnswers;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells all other nodes what this one registered before whoever registered hears that it is done: Hazelcast's own events come
 * when they come, and an event published right after {@code registered} must not be missed. What is registered while the
 * others are told goes with the next round. Owned by the node's context.
 */
final class Announcements implements NodeClusterManager.Announcer {
    private static final String HEAR = "hear";

    /** A node that hangs must not hold up sessions of the others for longer. */
    private static final long TIMEOUT_MILLIS = 1_000;

    private record Waiting(String address, RegistrationInfo registration, Completable<Void> told) {}

    private final Context context;
    private final String self;
    private final NodeAgent agent;
    private final NodeClusterManager manager;
    private List<Waiting> next = new ArrayList<>();
    private boolean telling;

    Announcements(Context context, String self, NodeAgent agent, NodeClusterManager manager) {
        this.context = context;
        this.self = self;
        this.agent = agent;
        this.manager = manager;
    }

    /** Begins to hear what others announce. From the node's context. */
    void hear(LocalAnswers answers, RemoteInterest interest) {
        answers.answer(HEAR, said -> {
            String node = said.getString("node");
            for (Object each : said.getJsonArray("registrations")) {
                JsonObject one = (JsonObject) each;
                String address = one.getString("address");
                interest.learn(address, new RegistrationInfo(node, one.getLong("seq"), false));
                manager.refresh(address);
            }
            return new JsonObject();
        });
    }

    /** What was registered while nobody could be told yet. */
    void announceAll(Map<String, Set<RegistrationInfo>> registered, Completable<Void> told) {
        List<JsonObject> all = new ArrayList<>();
        registered.forEach((address, each) -> each.forEach(one -> all.add(describe(address, one))));
        tell(all, told);
    }

    @Override
    public void announce(String address, RegistrationInfo registration, Completable<Void> told) {
        context.runOnContext(go -> {
            next.add(new Waiting(address, registration, told));
            if (!telling) {
                round();
            }
        });
    }

    private void round() {
        telling = true;
        List<Waiting> now = next;
        next = new ArrayList<>();
        List<JsonObject> standing = now.stream()
                .filter(each -> manager.has(each.address(), each.registration()))
                .map(each -> describe(each.address(), each.registration()))
                .toList();
        tell(standing, (done, failure) -> {
            now.forEach(each -> each.told().succeed(null));
            telling = false;
            if (!next.isEmpty()) {
                round();
            }
        });
    }

    private void tell(List<JsonObject> registrations, Completable<Void> told) {
        registrations.forEach(each -> manager.refresh(each.getString("address")));
        JsonObject said = new JsonObject().put("node", self).put("registrations", new JsonArray(registrations));
        agent.tell(HEAR, said, TIMEOUT_MILLIS).onComplete(told);
    }

    private static JsonObject describe(String address, RegistrationInfo registration) {
        return new JsonObject().put("address", address).put("seq", registration.seq());
    }
}
