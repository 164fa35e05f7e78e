package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One stream in order without holes, out of messages that get lost, come twice and overtake each other. On a virtual clock. */
class FeedTest {
    private static final Keep ALL = new Keep(Long.MAX_VALUE, Long.MAX_VALUE, 0);

    @TempDir
    Path folder;

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void heard(FeedBench bench, long last) {
        patiently().untilAsserted(() -> assertThat(bench.heard).isEqualTo(upTo(last)));
    }

    @Test
    void aHoleThatClosesByItselfCostsNoRead() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            Kept first = bench.append(1, 10);
            Kept second = bench.append(2, 10);
            Kept third = bench.append(1, 10);
            bench.deliver(third);
            bench.pass(99);
            bench.deliver(second);
            assertThat(bench.heard).isEmpty();
            bench.deliver(first);
            assertThat(bench.heard).isEqualTo(upTo(4));
            bench.pass(100);
            assertThat(bench.reads).hasValue(0);
            assertThat(bench.counters.feedHeld.sum()).isEqualTo(2);
        }
    }

    @Test
    void aHoleThatStaysIsReadAfterAMoment() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            bench.append(3, 10);
            Kept second = bench.append(1, 10);
            bench.deliver(second);
            bench.pass(99);
            assertThat(bench.reads).hasValue(0);
            bench.pass(1);
            assertThat(bench.reads).hasValue(1);
            heard(bench, 4);
            assertThat(bench.counters.feedReads.sum()).isEqualTo(1);
        }
    }

    @Test
    void eachHoleIsWaitedForAnew() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            List<Kept> stretches = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                stretches.add(bench.append(1, 10));
            }
            bench.deliver(stretches.get(1));
            bench.pass(90);
            bench.deliver(stretches.get(3));
            bench.deliver(stretches.get(0));
            bench.pass(90);
            bench.deliver(stretches.get(2));
            assertThat(bench.heard).isEqualTo(upTo(4));
            bench.pass(200);
            assertThat(bench.reads).hasValue(0);
        }
    }

    @Test
    void aMebibyteIsHeldAndNoMore() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            bench.append(1, 10);
            for (int i = 0; i < 10; i++) {
                bench.deliver(bench.append(1, 100_000));
                assertThat(bench.reads).hasValue(0);
            }
            Kept overflowing = bench.append(1, 100_000);
            Kept leftOut = bench.append(1, 100_000);
            bench.holdReads();
            bench.deliver(overflowing);
            assertThat(bench.reads).hasValue(1);
            bench.deliver(leftOut);
            bench.answerReads();
            // A read ends after a mebibyte too, before the one that was left out.
            patiently().untilAsserted(() -> {
                bench.pass(100);
                assertThat(bench.heard).isEqualTo(upTo(13));
            });
            assertThat(bench.reads).hasValue(2);
        }
    }

    @Test
    void whatWasSeenIsDropped() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            Kept first = bench.append(2, 10);
            Kept second = bench.append(2, 10);
            Kept both = new Kept(
                    FeedBench.ADDRESS,
                    second.head(),
                    0,
                    4,
                    List.of(
                            first.events().get(0),
                            first.events().get(1),
                            second.events().get(0),
                            second.events().get(1)));
            for (Kept each : List.of(first, first, both, second, both, first)) {
                bench.deliver(each);
            }
            assertThat(bench.heard).isEqualTo(upTo(4));
        }
    }

    @Test
    void aLostLastMessageIsFoundByTheNextCheck() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            bench.deliver(bench.append(1, 10));
            Kept last = bench.append(1, 10);
            bench.pass(999);
            assertThat(bench.heard).isEqualTo(upTo(1));
            bench.pass(101);
            heard(bench, 2);
            bench.deliver(last);
            assertThat(bench.heard).isEqualTo(upTo(2));
        }
    }

    @Test
    void moreThanOneReadBringsIsReadAtOnce() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            bench.append(1_800, 10);
            bench.pass(1_100);
            heard(bench, 1_800);
            assertThat(bench.reads).hasValue(4);
        }
    }

    @Test
    void whatComesBeforeTheBeginningIsNotHeardAndWhatComesMeanwhileIs() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL)) {
            bench.append(5, 10);
            bench.start();
            bench.deliver(bench.told.get(0));
            assertThat(bench.heard).isEmpty();
            bench.deliver(bench.append(1, 10));
            assertThat(bench.heard).containsExactly(6L);
        }
    }

    @Test
    void aJournalThatDoesNotAnswerIsAskedAgain() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            bench.refusing.set(true);
            bench.append(1, 10);
            bench.deliver(bench.append(1, 10));
            bench.pass(100);
            assertThat(bench.reads).hasValue(1);
            assertThat(bench.heard).isEmpty();
            bench.refusing.set(false);
            bench.pass(1_100);
            heard(bench, 2);
        }
    }

    @Test
    void aMessageOfAnotherEpochIsNotBelieved() throws Exception {
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            Kept first = bench.append(1, 10);
            bench.deliver(first);
            Head old = new Head("before", 7, 0);
            bench.deliver(new Kept(FeedBench.ADDRESS, old, 1, 2, first.events()));
            bench.pass(1);
            bench.deliver(bench.append(1, 10));
            assertThat(bench.heard).isEqualTo(upTo(2));
            assertThat(bench.broken).isEmpty();
            assertThat(bench.position().offset()).isEqualTo(2);
        }
    }

    @Test
    void whatIsMissingAndDeletedIsSaid() throws Exception {
        try (FeedBench bench = new FeedBench(folder, new Keep(2, Long.MAX_VALUE, 0)).start()) {
            bench.deliver(bench.append(1, 10));
            bench.append(1, 10);
            bench.append(3, 10);
            bench.deliver(bench.append(1, 10));
            bench.pass(100);
            patiently().until(() -> bench.broken.equals(List.of(FailureCode.TRIMMED)));
            assertThat(bench.heard).isEqualTo(upTo(1));
            bench.deliver(bench.append(1, 10));
            assertThat(bench.heard).containsExactly(1L, 7L);
        }
    }

    /** A third of the messages is lost, a third comes late, some come twice. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensOnTheBusEachEventIsHeardOnceInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        try (FeedBench bench = new FeedBench(folder, ALL).start()) {
            List<Kept> late = new ArrayList<>();
            long last = 0;
            for (int i = 0; i < 150; i++) {
                int count = 1 + random.nextInt(4);
                Kept stretch = bench.append(count, random.nextInt(200));
                last += count;
                switch (random.nextInt(6)) {
                    case 0, 1 -> bench.pass(random.nextInt(60));
                    case 2 -> {
                        bench.deliver(stretch);
                        bench.deliver(stretch);
                    }
                    case 3 -> bench.deliver(stretch);
                    default -> late.add(stretch);
                }
                while (!late.isEmpty() && random.nextInt(3) == 0) {
                    bench.deliver(late.remove(random.nextInt(late.size())));
                }
            }
            long end = last;
            patiently().untilAsserted(() -> {
                bench.pass(1_000);
                assertThat(bench.heard).hasSize((int) end);
            });
            assertThat(bench.heard).isEqualTo(upTo(end));
            assertThat(bench.broken).isEmpty();
            assertThat(bench.position().offset()).isEqualTo(end);
        }
    }
}
