package dev.weir.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.presence.Neighbours.Eyes;
import dev.weir.presence.Neighbours.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes and goes, told in order and once, over nodes that lose letters and die. On a virtual clock. */
class PresenceTest {
    private static final String ROOM = "chat.lobby";

    @Test
    void whoHasTwoTabsComesOnceAndGoesWithTheLast() {
        Neighbours net = new Neighbours(100, "a", "b");
        Eyes eyes = net.node("b").watch(ROOM);
        net.pass(100);
        net.node("a").join(ROOM, "a1", "ann", null);
        net.node("a").join(ROOM, "a2", "ann", null);
        net.node("b").join(ROOM, "b1", "ann", null);
        net.pass(100);
        assertThat(eyes.news()).containsExactly("list []", "join ann");
        assertThat(net.node("a").gathering.list(ROOM, 9).members().get(0).sessions())
                .isEqualTo(3);
        net.node("a").leave(ROOM, "a1");
        net.node("b").leave(ROOM, "b1");
        net.pass(100);
        assertThat(eyes.news()).isEmpty();
        net.node("a").leave(ROOM, "a2");
        net.pass(100);
        assertThat(eyes.news()).containsExactly("leave ann");
    }

    @Test
    void whoIsBackWithinTheGraceNeverLeft() {
        Neighbours net = new Neighbours(100, "a", "b");
        net.node("a").join(ROOM, "a1", "ann", null);
        net.node("a").join(ROOM, "b1", "bob", null);
        net.node("a").join(ROOM, "c1", "cy", null);
        Eyes eyes = net.node("a").watch(ROOM);
        net.pass(1_000);
        long since = net.node("b").gathering.list(ROOM, 9).members().get(0).sinceMillis();
        List.of("a1", "b1", "c1").forEach(session -> net.node("a").lost(ROOM, session));
        net.pass(9_000);
        net.node("a").join(ROOM, "a2", "ann", null);
        net.node("b").join(ROOM, "b2", "bob", null);
        assertThat(net.node("a").list(ROOM)).isEqualTo("ann bob cy");
        net.pass(900);
        assertThat(eyes.news()).containsExactly("list [ann, bob, cy]");
        assertThat(net.node("a").gathering.list(ROOM, 1).members().get(0).sessions())
                .as("the lost session was replaced")
                .isEqualTo(1);
        net.pass(200);
        assertThat(eyes.news()).containsExactly("leave cy");
        net.pass(20_000);
        assertThat(eyes.news()).isEmpty();
        assertThat(net.node("b").gathering.list(ROOM, 9).members())
                .allSatisfy(member -> assertThat(member.sinceMillis()).isEqualTo(since));
    }

    @Test
    void whatIsShownIsWhatWasSaidLastOnWhateverNode() {
        Neighbours net = new Neighbours(100, "a", "b");
        Eyes eyes = net.node("a").watch(ROOM);
        net.node("a").join(ROOM, "a1", "ann", "1");
        net.pass(100);
        net.node("b").join(ROOM, "b1", "ann", "2");
        net.pass(100);
        net.node("a").join(ROOM, "a1", "ann", "3");
        net.node("b").join(ROOM, "b1", "ann", "2");
        net.pass(100);
        assertThat(eyes.news())
                .startsWith("list [ann:1]", "update ann:2")
                .allMatch(line -> !line.startsWith("join") && !line.startsWith("leave"));
        assertThat(net.node("a").list(ROOM)).isEqualTo(net.node("b").list(ROOM));
    }

    @Test
    void whoSignsInBecomesSomebodyElse() {
        Neighbours net = new Neighbours(100, "a", "b");
        net.node("a").join(ROOM, "a1", "guest", null);
        Eyes eyes = net.node("b").watch(ROOM);
        net.pass(100);
        net.node("a").join(ROOM, "a1", "ann", null);
        net.pass(100);
        assertThat(eyes.news()).containsExactly("list [guest]", "join ann", "leave guest");
    }

    @Test
    void asManyAsTheLastTimeAreToldAgain() {
        Neighbours net = new Neighbours(20, "a", "b");
        Eyes eyes = net.node("b").watch(ROOM);
        net.pass(100);
        eyes.news();
        for (int turn = 0; turn < 2; turn++) {
            for (int n = 0; n < 30; n++) {
                net.node("a").join(ROOM, "s" + n, "u" + n, null);
            }
            net.pass(100);
            assertThat(eyes.news()).containsExactly("count 30");
            for (int n = 0; n < 30; n++) {
                net.node("a").leave(ROOM, "s" + n);
            }
            net.pass(100);
            assertThat(eyes.news()).containsExactly("list []");
        }
    }

    @Test
    void whereManyAreOnlyTheirNumberIsTold() {
        Neighbours net = new Neighbours(20, "a", "b");
        Eyes eyes = net.node("b").watch(ROOM);
        net.pass(100);
        eyes.news();
        for (int n = 0; n < 30; n++) {
            net.node("a").join(ROOM, "s" + n, "u" + n, null);
        }
        net.pass(100);
        assertThat(eyes.news()).containsExactly("count 30");
        Eyes late = net.node("b").watch(ROOM);
        for (int n = 30; n < 1_000; n++) {
            net.node("a").join(ROOM, "s" + n, "u" + n, null);
            net.pass(2);
        }
        net.pass(1_000);
        List<String> told = late.news();
        assertThat(told).hasSizeBetween(3, 5).endsWith("count 1000");
        assertThat(told.get(0)).startsWith("list [] of ");
        assertThat(eyes.news()).hasSizeBetween(2, 4);
        assertThat(net.node("b").gathering.list(ROOM, 7).members()).hasSize(7);
        for (int n = 19; n < 1_000; n++) {
            net.node("a").leave(ROOM, "s" + n);
        }
        net.pass(100);
        assertThat(eyes.news()).as("not few enough to switch back").isEmpty();
        net.node("a").leave(ROOM, "s0");
        net.pass(100);
        assertThat(eyes.believed).hasSize(18);
        assertThat(eyes.news()).hasSize(1);
    }

    @Test
    void manyThatComeAtOnceAreToldOfAtOnce() {
        Neighbours net = new Neighbours(1_000, "a");
        Eyes eyes = net.node("a").watch(ROOM);
        for (int n = 0; n < 500; n++) {
            net.node("a").join(ROOM, "s" + n, "u" + n, null);
        }
        net.pass(100);
        assertThat(eyes.count).isEqualTo(500);
        assertThat(eyes.news()).hasSize(1);
    }

    @Test
    void whatIsLostOnTheWayIsMadeUpFor() {
        Neighbours net = new Neighbours(100, "a", "b");
        Eyes eyes = net.node("b").watch(ROOM);
        net.node("a").join(ROOM, "s1", "ann", null);
        net.pass(500);
        net.loses = letter -> letter.getString("kind").equals(Letters.CHANGES);
        net.node("a").leave(ROOM, "s1");
        net.node("a").join(ROOM, "s2", "bob", null);
        net.pass(500);
        assertThat(net.node("b").list(ROOM)).isEqualTo("ann");
        net.pass(2_000);
        assertThat(eyes.news()).containsExactly("list [ann]", "join bob", "leave ann");
        net.loses = letter -> false;
        net.node("a").join(ROOM, "s3", "cy", null);
        net.pass(100);
        assertThat(eyes.seen()).isEqualTo("bob cy");
        assertThat(net.node("b").tally.copies.sum()).isEqualTo(1);
    }

    @Test
    void aNodeThatStartsLearnsWhoIsThere() {
        Neighbours net = new Neighbours(5_000, "a");
        for (int n = 0; n < 1_234; n++) {
            net.node("a").join(ROOM, "s" + n, "u" + n, null);
        }
        net.pass(1_100);
        Node late = net.start("b");
        net.pass(50);
        assertThat(late.gathering.list(ROOM, 0).count()).isEqualTo(1_234);
        assertThat(late.list(ROOM)).isEqualTo(net.node("a").list(ROOM));
    }

    @Test
    void withADeadNodeItsClientsGoOnceUnlessTheyComeBackElsewhere() {
        Neighbours net = new Neighbours(100, "a", "b", "c");
        Eyes onA = net.node("a").watch(ROOM);
        Eyes onB = net.node("b").watch(ROOM);
        for (String who : List.of("ann", "bob", "cy")) {
            net.node("c").join(ROOM, who + "1", who, null);
        }
        net.node("a").join(ROOM, "cy2", "cy", null);
        net.pass(500);
        onA.news();
        onB.news();
        net.kill("c");
        net.pass(5_000);
        net.node("b").join(ROOM, "bob2", "bob", null);
        net.pass(4_000);
        assertThat(onA.news()).isEmpty();
        assertThat(onB.news()).isEmpty();
        net.pass(3_000);
        assertThat(onA.news()).containsExactly("leave ann");
        assertThat(onB.news()).containsExactly("leave ann");
        net.pass(60_000);
        assertThat(onA.news()).isEmpty();
        assertThat(net.node("a").gathering.list(ROOM, 9).members())
                .allSatisfy(member -> assertThat(member.sessions()).isEqualTo(1));
        assertThat(net.node("a").tally.members.sum()).isEqualTo(2);
    }

    @Test
    void aPlaceThatNobodyUsesIsForgotten() {
        Neighbours net = new Neighbours(100, "a", "b");
        Eyes eyes = net.node("b").watch(ROOM);
        net.node("a").join(ROOM, "s", "ann", null);
        net.pass(100);
        net.node("a").leave(ROOM, "s");
        net.node("b").gathering.unwatch(ROOM, eyes);
        net.pass(100);
        for (Node node : net.nodes.values()) {
            assertThat(node.gathering.places()).isZero();
            assertThat(node.tally.members.sum()).isZero();
        }
        assertThat(net.node("a").tally.entries.sum()).isZero();
    }

    /** Whatever happens, each watcher hears what follows from what it heard before, and in the end all believe the same. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void allWatchersBelieveTheSameInTheEnd(long seed) {
        Random random = new Random(seed);
        Neighbours net = new Neighbours(12, "a", "b", "c");
        Map<Eyes, Node> all = new HashMap<>();
        Map<String, String> sessions = new HashMap<>();
        net.loses = letter -> random.nextInt(5) == 0;
        int born = 0;
        for (int step = 0; step < 2_000; step++) {
            List<String> ids = List.copyOf(net.nodes.keySet());
            String id = ids.get(random.nextInt(ids.size()));
            String session = id + "-" + random.nextInt(8);
            switch (random.nextInt(7)) {
                case 0, 1, 2 -> {
                    String sub = "u" + random.nextInt(16);
                    net.node(id).join(ROOM, session, sub, String.valueOf(random.nextInt(3)));
                    sessions.put(session, sub);
                }
                case 3 -> {
                    net.node(id).leave(ROOM, session);
                    sessions.remove(session);
                }
                case 4 -> {
                    net.node(id).lost(ROOM, session);
                    sessions.remove(session);
                }
                case 5 -> {
                    if (all.size() < 40) {
                        all.put(net.node(id).watch(ROOM), net.node(id));
                    }
                }
                default -> {
                    if (random.nextInt(60) == 0 && ids.size() > 1) {
                        net.kill(id);
                        sessions.keySet().removeIf(each -> each.startsWith(id + "-"));
                        net.start("n" + born++);
                    }
                }
            }
            net.pass(random.nextInt(40));
        }
        net.loses = letter -> false;
        net.pass(30_000);
        List<String> expected = sessions.values().stream().sorted().distinct().toList();
        for (Node node : net.nodes.values()) {
            assertThat(node.gathering.list(ROOM, 99).members().stream()
                            .map(member -> member.id())
                            .sorted()
                            .toList())
                    .as(node.id)
                    .isEqualTo(expected);
            assertThat(node.list(ROOM))
                    .isEqualTo(net.nodes.values().iterator().next().list(ROOM));
            Eyes fresh = node.watch(ROOM);
            net.pass(100);
            assertThat(fresh.count).isEqualTo(expected.size());
            all.forEach((eyes, at) -> {
                if (at == node) {
                    assertThat(eyes.count).isEqualTo(expected.size());
                    assertThat(eyes.seen()).isEqualTo(fresh.seen());
                }
            });
        }
    }
}
