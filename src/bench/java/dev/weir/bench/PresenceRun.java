package dev.weir.bench;

import dev.weir.bus.Attendee;
import dev.weir.bus.PresenceNews;
import dev.weir.bus.Roster;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that are present on a node, or watch who is, as sessions of its bridge would, without their sockets. A verticle of the node,
 * told by lines on the standard input what to do; answers with a line of JSON each: {@code watch ROOMS}, {@code join MEMBERS ROOMS} and {@code
 * leave MEMBERS ROOMS}, which end when all is handed over, and {@code await MEMBERS}, which ends when this node's watchers know of
 * so many in all. Times are those of the machine's monotonic clock, which processes share.
 */
public final class PresenceRun extends VerticleBase implements Roster.Watcher {
    private static final int DATA_BYTES = 100;
    private static final String DATA = "{\"name\":\"" + "x".repeat(DATA_BYTES - 11) + "\"}";

    private final Map<String, Set<String>> present = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private int joins;
    private int leaves;
    private int wrong;
    private int begun;
    private long sum;
    private int rooms;
    private int awaited = -1;

    @Override
    public Future<?> start() {
        Thread reader = new Thread(this::read, "bench-commands");
        reader.setDaemon(true);
        reader.start();
        return Future.succeededFuture();
    }

    private void read() {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                context.runOnContext(now -> obey(words));
            }
        } catch (IOException gone) {
            System.err.println(gone);
        }
    }

    private Roster roster() {
        return Objects.requireNonNull(Roster.of(vertx), "a node");
    }

    private void obey(String[] words) {
        int first = Integer.parseInt(words[1]);
        switch (words[0]) {
            case "watch" -> {
                rooms = first;
                for (int i = 0; i < rooms; i++) {
                    roster().watch("room." + i, "watcher-" + i, this);
                }
            }
            case "join", "leave" -> {
                long begin = System.nanoTime();
                change(words[0].equals("join"), first, Integer.parseInt(words[2]));
                answer("\"begin_ns\":" + begin);
            }
            default -> {
                awaited = first;
                joins = 0;
                leaves = 0;
                wrong = 0;
                look();
            }
        }
    }

    private void change(boolean join, int members, int into) {
        for (int i = 0; i < members; i++) {
            String address = "room." + i % into;
            if (join) {
                roster().join(address, "session-" + i, Attendee.of("user-" + i, null, "session-" + i, DATA));
            } else {
                roster().leave(address, "session-" + i);
            }
        }
    }

    private static void answer(String fields) {
        System.out.println("{" + fields + "}");
    }

    @Override
    public void begins(List<String> sessions, PresenceNews list) {
        context.runOnContext(now -> {
            take(list);
            begun += sessions.size();
            if (begun == rooms) {
                answer("\"watching\":" + begun);
            }
        });
    }

    @Override
    public void told(PresenceNews news) {
        context.runOnContext(now -> take(news));
    }

    private void take(PresenceNews news) {
        Set<String> here = present.computeIfAbsent(news.address(), unseen -> new HashSet<>());
        if (news.members() != null) {
            here.clear();
            news.members().forEach(member -> here.add(member.id()));
        }
        for (PresenceNews.Change change : news.changes()) {
            // A join of somebody who is known, or a leave of somebody who is not, was told twice.
            if (change.kind() == PresenceNews.Kind.JOIN) {
                joins++;
                wrong += here.add(change.member().id()) ? 0 : 1;
            } else if (change.kind() == PresenceNews.Kind.LEAVE) {
                leaves++;
                wrong += here.remove(change.member().id()) ? 0 : 1;
            }
        }
        Integer before = counts.put(news.address(), news.count());
        sum += news.count() - (before == null ? 0 : before);
        look();
    }

    private void look() {
        if (awaited == sum) {
            awaited = -1;
            answer("\"seen_ns\":" + System.nanoTime() + ",\"joins\":" + joins + ",\"leaves\":" + leaves + ",\"wrong\":"
                    + wrong);
        }
    }
}
