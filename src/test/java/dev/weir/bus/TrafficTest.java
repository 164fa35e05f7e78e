package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counts and rates of addresses, and their bound. */
class TrafficTest {
    private final Traffic traffic = new Traffic();

    private Traffic.Meter meter(String address) {
        for (Traffic.Meter each : traffic.meters()) {
            if (each.address().equals(address)) {
                return each;
            }
        }
        throw new AssertionError("nothing is known of " + address);
    }

    private List<String> addresses() {
        List<String> all = new ArrayList<>();
        traffic.meters().forEach(each -> all.add(each.address()));
        return all;
    }

    @Test
    void ratesAreTakenBetweenLooks() {
        traffic.look(1_000, address -> true);
        traffic.in("a", 10);
        traffic.out("a", 400);
        traffic.look(3_000, address -> true);
        assertThat(meter("a").inRate()).isEqualTo(5);
        assertThat(meter("a").outRate()).isEqualTo(200);
        traffic.look(5_000, address -> true);
        assertThat(meter("a").inRate()).isZero();
        assertThat(meter("a").in()).isEqualTo(10);
    }

    @Test
    void whatIsUnheardIsForgottenOnceSomebodyListens() {
        traffic.unheard("a");
        traffic.look(1_000, address -> false);
        traffic.unheard("a");
        traffic.look(2_000, address -> false);
        assertThat(meter("a").unheard()).isEqualTo(2);
        assertThat(meter("a").unheardSince()).isEqualTo(1_000);
        traffic.look(3_000, address -> true);
        assertThat(meter("a").unheardSince()).isZero();
        traffic.unheard("a");
        traffic.look(4_000, address -> false);
        assertThat(meter("a").unheard()).isEqualTo(1);
        assertThat(meter("a").unheardSince()).isEqualTo(4_000);
    }

    @Test
    void addressesThatDidNotMoveForLongestAreCountedTogether() {
        for (int i = 0; i < Traffic.MOST; i++) {
            traffic.in("old." + i, 1);
        }
        traffic.look(1_000, address -> true);
        for (int i = 1; i < Traffic.MOST; i++) {
            traffic.in("old." + i, 1);
        }
        traffic.in("new", 1);
        traffic.look(2_000, address -> true);
        assertThat(addresses()).hasSize(Traffic.MOST).contains("new", "old.1").doesNotContain("old.0");
        assertThat(traffic.others().in()).isEqualTo(1);
        for (int i = 0; i < 3 * Traffic.MOST; i++) {
            traffic.in("flood." + i, 1);
        }
        assertThat(addresses()).hasSizeLessThan(2 * Traffic.MOST);
        long all = traffic.others().in();
        for (Traffic.Meter each : traffic.meters()) {
            all += each.in();
        }
        assertThat(all).isEqualTo(5L * Traffic.MOST);
    }
}
