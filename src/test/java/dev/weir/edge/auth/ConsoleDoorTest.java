package dev.weir.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bus.ClusterQuery;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.config.AuthConfig.ConsoleConfig;
import dev.weir.config.AuthConfig.ConsoleRole;
import dev.weir.config.AuthConfig.UserConfig;
import dev.weir.config.Location;
import dev.weir.config.PasswordHash;
import dev.weir.edge.auth.ConsoleDoor.Admitted;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Codes that are good once, tokens, and that the configuration in force decides what they are worth. */
class ConsoleDoorTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final PasswordHash HASH = PasswordHash.of("correct horse battery");
    private static final byte[] KEY = new byte[32];

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final ConsoleDoor door = new ConsoleDoor(VERTX, time);

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().await(60, TimeUnit.SECONDS);
    }

    private static ConsoleConfig users(ConsoleRole role, PasswordHash hash, @Nullable String secret) {
        return new ConsoleConfig(
                List.of(new UserConfig("ann", hash.text(), role, Location.NONE)), Duration.ofHours(12), secret);
    }

    private Admitted signedIn() throws Exception {
        return door.signIn("ann", "correct horse battery", "192.0.2.1").await(60, TimeUnit.SECONDS);
    }

    private static Admitted redeem(ConsoleDoor at, String code) throws Exception {
        return at.redeem(code, "192.0.2.1").await(60, TimeUnit.SECONDS);
    }

    private String code() {
        door.use(new ConsoleConfig(List.of(), Duration.ofHours(12), null), KEY);
        return door.offer().orElseThrow();
    }

    @Test
    void aCodeIsGoodOnce() throws Exception {
        String code = code();
        assertThat(code).hasSize(22);
        Admitted in = redeem(door, code);
        assertThat(in.who().sub()).isEqualTo("console:first-operator");
        assertThat(in.who().roles()).containsExactly(Principal.OPERATOR);
        assertThat(door.authenticate(in.token())).isEqualTo(in.who());
        assertThatThrownBy(() -> redeem(door, code)).isInstanceOf(Refusal.class);
    }

    @Test
    void aCodeIsGoodForAQuarterOfAnHourAndUntilAnotherIsMade() throws Exception {
        String old = code();
        String code = door.offer().orElseThrow();
        assertThatThrownBy(() -> redeem(door, old)).hasMessageContaining("used before");
        time.advance(Duration.ofMinutes(15));
        assertThatThrownBy(() -> redeem(door, code)).hasMessageContaining("15 minutes");
    }

    @Test
    void whereSomebodyIsAnOperatorThereIsNoCodeAndTheFirstOnesTokenEnds() throws Exception {
        String code = code();
        Admitted in = redeem(door, code);
        String another = door.offer().orElseThrow();
        door.use(users(ConsoleRole.VIEWER, HASH, null), null);
        assertThat(door.offer()).isEmpty();
        assertThat(door.stands(in.who())).isFalse();
        assertThatThrownBy(() -> door.authenticate(in.token())).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> redeem(door, another)).isInstanceOf(Refusal.class);
    }

    @Test
    void aTokenEndsWithItsTimeAndWhenItIsGivenBack() throws Exception {
        door.use(users(ConsoleRole.OPERATOR, HASH, null), null);
        Admitted first = signedIn();
        assertThat(first.expiresMillis())
                .isEqualTo(time.millis() + Duration.ofHours(12).toMillis());
        time.advance(Duration.ofHours(11));
        Admitted second = signedIn();
        assertThat(door.authenticate(first.token()).sub()).isEqualTo("console:ann");
        door.signOut(second.who());
        assertThatThrownBy(() -> door.authenticate(second.token())).hasMessageContaining("given back");
        assertThat(door.stands(second.who())).isFalse();
        time.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> door.authenticate(first.token())).hasMessageContaining("expired");
    }

    @Test
    void itsRoleIsThatOfTheConfigurationAndAnotherPasswordOrSecretEndsIt() throws Exception {
        door.use(users(ConsoleRole.OPERATOR, HASH, null), null);
        Admitted in = signedIn();
        assertThat(door.stands(in.who())).isTrue();
        door.use(users(ConsoleRole.VIEWER, HASH, null), null);
        assertThat(door.authenticate(in.token()).roles()).containsExactly(Principal.VIEWER);
        assertThat(door.stands(in.who())).isFalse();
        door.use(users(ConsoleRole.OPERATOR, HASH, "mixed in, of at least thirty-two characters"), null);
        assertThatThrownBy(() -> door.authenticate(in.token())).hasMessageContaining("signature");
        door.use(users(ConsoleRole.OPERATOR, PasswordHash.of("correct horse battery"), null), null);
        assertThatThrownBy(() -> door.authenticate(in.token())).hasMessageContaining("signature");
        assertThat(door.stands(in.who())).isFalse();
        door.use(new ConsoleConfig(List.of(), Duration.ofHours(12), null), null);
        assertThatThrownBy(() -> door.authenticate(in.token())).hasMessageContaining("no user");
    }

    @Test
    void anotherNodeWithTheSameConfigurationTakesIt() throws Exception {
        ConsoleConfig config = users(ConsoleRole.OPERATOR, HASH, "mixed in, of at least thirty-two characters");
        door.use(config, null);
        ConsoleDoor other = new ConsoleDoor(VERTX, time);
        other.use(config, null);
        assertThat(other.authenticate(signedIn().token()).sub()).isEqualTo("console:ann");
    }

    @Test
    void aNodeThatStartsLaterOrMissedItRefusesWhatWasGivenBack() throws Exception {
        LocalAnswers ofFirst = new LocalAnswers(VERTX);
        ConsoleConfig config = users(ConsoleRole.OPERATOR, HASH, null);
        door.use(config, null);
        door.follow(ofFirst, ofFirst::ask, time).await(60, TimeUnit.SECONDS);
        Admitted early = signedIn();
        Admitted late = signedIn();
        JsonObject recorded = door.signOut(early.who());
        ConsoleDoor other = new ConsoleDoor(VERTX, time);
        other.use(config, null);
        other.follow(new LocalAnswers(VERTX), ofFirst::ask, time).await(60, TimeUnit.SECONDS);
        assertThatThrownBy(() -> other.authenticate(early.token())).hasMessageContaining("given back");
        assertThat(other.authenticate(late.token())).isEqualTo(late.who());
        // What the record says is enough, too; the message that tells it on the bus is lost here.
        ConsoleDoor deaf = new ConsoleDoor(VERTX, time);
        deaf.use(config, null);
        assertThat(deaf.authenticate(early.token())).isEqualTo(early.who());
        deaf.signedOut(recorded);
        assertThatThrownBy(() -> deaf.authenticate(early.token())).hasMessageContaining("given back");
    }

    @Test
    void everyHalfMinuteANodeAsksForWhatItMissed() throws Exception {
        AtomicReference<JsonObject> known = new AtomicReference<>(new JsonObject());
        ClusterQuery others = (question, asked) -> Future.succeededFuture(List.of(known.get()));
        door.use(users(ConsoleRole.OPERATOR, HASH, null), null);
        door.follow(new LocalAnswers(VERTX), others, time).await(60, TimeUnit.SECONDS);
        Admitted in = signedIn();
        known.set(new JsonObject()
                .put("tokens", new JsonObject().put(in.who().claims().getString("jti"), in.expiresMillis())));
        assertThat(door.stands(in.who())).isTrue();
        time.advance(Duration.ofSeconds(30));
        assertThat(door.stands(in.who())).isFalse();
    }

    @Test
    void aCodeIsGoodAtEveryNodeOnce() throws Exception {
        LocalAnswers ofFirst = new LocalAnswers(VERTX);
        String code = code();
        door.follow(ofFirst, ofFirst::ask, time).await(60, TimeUnit.SECONDS);
        ConsoleDoor other = new ConsoleDoor(VERTX, time);
        other.use(new ConsoleConfig(List.of(), Duration.ofHours(12), null), KEY);
        other.follow(new LocalAnswers(VERTX), ofFirst::ask, time).await(60, TimeUnit.SECONDS);
        assertThatThrownBy(() -> redeem(other, "guess")).hasMessageContaining("used before");
        Admitted in = redeem(other, code);
        assertThat(door.authenticate(in.token())).isEqualTo(in.who());
        assertThatThrownBy(() -> redeem(other, code)).hasMessageContaining("used before");
        assertThatThrownBy(() -> redeem(door, code)).hasMessageContaining("used before");
    }

    @Test
    void whoOnlyKnocksDoesNotFillTheRecord() {
        int told = 0;
        for (int i = 0; i < 1_000; i++) {
            told += door.mayTell() < 0 ? 0 : 1;
        }
        assertThat(told).isEqualTo(30);
        time.advance(Duration.ofMinutes(1));
        assertThat(door.mayTell()).isEqualTo(970);
        assertThat(door.mayTell()).isEqualTo(-1);
    }
}
