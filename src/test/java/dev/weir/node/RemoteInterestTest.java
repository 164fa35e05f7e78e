package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.EntryEventType;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of events, announcements and audits is believed. */
class RemoteInterestTest {
    private final List<String> changes = new ArrayList<>();
    private final List<RegistrationInfo> lost = new ArrayList<>();
    private final RemoteInterest interest =
            new RemoteInterest("me", changes::add, (address, registration) -> lost.add(registration));

    @BeforeEach
    void learn() {
        interest.auditBegins();
        assertThat(interest.audited(List.of(entry("other", 1)))).isZero();
    }

    private static RegistrationInfo registration(String node, int seq) {
        return new RegistrationInfo(node, seq, false);
    }

    private static Map.Entry<String, RegistrationInfo> entry(String node, int seq) {
        return Map.entry("news", registration(node, seq));
    }

    private static EntryEvent<String, HazelcastRegistrationInfo> event(EntryEventType type, String node, int seq) {
        HazelcastRegistrationInfo value = new HazelcastRegistrationInfo(registration(node, seq));
        return new EntryEvent<>("here", null, type.getType(), "news", value, value);
    }

    private int audit(List<Map.Entry<String, RegistrationInfo>> standing) {
        interest.auditBegins();
        return interest.audited(standing);
    }

    @Test
    void theFirstAuditLearns() {
        assertThat(interest.elsewhere("news")).isTrue();
        assertThat(interest.elsewhere("other")).isFalse();
        assertThat(audit(List.of(entry("other", 1)))).isZero();
        assertThat(changes).containsExactly("news");
    }

    @Test
    void ownRegistrationsAreNotElsewhere() {
        interest.entryRemoved(event(EntryEventType.REMOVED, "other", 1));
        interest.entryAdded(event(EntryEventType.ADDED, "me", 2));
        assertThat(interest.elsewhere("news")).isFalse();
        interest.entryRemoved(event(EntryEventType.REMOVED, "me", 2));
        assertThat(lost).containsExactly(registration("me", 2));
    }

    @Test
    void whatEventsNeverToldIsCountedByTheNextAudit() {
        assertThat(audit(List.of(entry("other", 1), entry("other", 2)))).isZero();
        assertThat(interest.of("news")).contains(registration("other", 2));
        assertThat(audit(List.of(entry("other", 1), entry("other", 2)))).isEqualTo(1);
        assertThat(audit(List.of(entry("other", 1), entry("other", 2)))).isZero();
    }

    @Test
    void anEventThatIsMerelyLateIsNoRepair() {
        assertThat(audit(List.of(entry("other", 1), entry("other", 2)))).isZero();
        interest.entryAdded(event(EntryEventType.ADDED, "other", 2));
        assertThat(audit(List.of(entry("other", 1), entry("other", 2)))).isZero();
    }

    @Test
    void anEventDuringAnAuditIsNewerThanTheAudit() {
        interest.auditBegins();
        interest.entryAdded(event(EntryEventType.ADDED, "other", 2));
        interest.entryRemoved(event(EntryEventType.REMOVED, "other", 1));
        interest.audited(List.of(entry("other", 1)));
        assertThat(interest.of("news")).containsExactly(registration("other", 2));
    }

    @Test
    void anAnnouncementIsBelievedBeforeItsEvent() {
        interest.learn("late", registration("other", 3));
        assertThat(interest.elsewhere("late")).isTrue();
        assertThat(changes).contains("late");
    }

    @Test
    void aNodeThatIsGoneListensNoMoreAndIsNoRepair() {
        interest.entryAdded(event(EntryEventType.ADDED, "third", 9));
        interest.gone("other");
        assertThat(interest.of("news")).containsExactly(registration("third", 9));
        assertThat(audit(List.of(entry("third", 9)))).isZero();
        assertThat(audit(List.of(entry("third", 9)))).isZero();
        interest.gone("third");
        assertThat(interest.elsewhere("news")).isFalse();
    }
}
