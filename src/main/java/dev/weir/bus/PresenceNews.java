package dev.weir.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What watchers of an address are told: all members, or what changed since they were told last, or of an address with too many
 * members only how many there are.
 *
 * @param address where
 * @param count how many members there are now
 * @param members all of them, replacing what was known; null when this is no list
 * @param truncated whether there are members that are not told of
 * @param changes what changed, in order; empty when this is a list
 */
public record PresenceNews(
        String address, int count, @Nullable List<Member> members, boolean truncated, List<Change> changes) {
    /** What happened to a member. */
    public enum Kind {
        /** Its first session came. */
        JOIN,
        /** It shows something else of itself. */
        UPDATE,
        /** Its last session went. */
        LEAVE
    }

    /**
     * One change.
     *
     * @param member as it is now; of one that left as it was last
     */
    public record Change(Kind kind, Member member) {
        private JsonObject toJson() {
            return new JsonObject()
                    .put("type", kind.name().toLowerCase(Locale.ROOT))
                    .put("member", member.toJson());
        }
    }

    /** Copies what it is given. */
    public PresenceNews {
        members = members == null ? null : List.copyOf(members);
        changes = List.copyOf(changes);
    }

    /** A list, or the part of it that is told. */
    public static PresenceNews of(String address, int count, List<Member> members) {
        return new PresenceNews(address, count, members, members.size() < count, List.of());
    }

    /** What changed. */
    public static PresenceNews of(String address, int count, List<Change> changes, boolean truncated) {
        return new PresenceNews(address, count, null, truncated, changes);
    }

    /** A list out of {@link #toJson}. */
    static PresenceNews ofList(JsonObject json) {
        List<Member> members = json.getJsonArray("members", new JsonArray()).stream()
                .map(member -> Member.of((JsonObject) member))
                .toList();
        return of(json.getString("address"), json.getInteger("count"), members);
    }

    /** As clients see it. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject().put("address", address).put("count", count);
        if (members != null) {
            json.put(
                    "members",
                    new JsonArray(members.stream().map(Member::toJson).toList()));
        }
        if (!changes.isEmpty()) {
            json.put(
                    "changes",
                    new JsonArray(changes.stream().map(Change::toJson).toList()));
        }
        return members != null || truncated ? json.put("truncated", truncated) : json;
    }

    /** The frame that tells it. */
    public String frame() {
        JsonObject frame = new JsonObject().put("type", "presence");
        return frame.mergeIn(toJson()).encode();
    }
}
