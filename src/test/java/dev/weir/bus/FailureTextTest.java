package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.emitter.Subscription;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.FileNotFoundException;
import org.junit.jupiter.api.Test;

class FailureTextTest {
    @Test
    void whatWasMadeToBeToldIsItsMessage() {
        assertThat(FailureText.of(Future.failedFuture("no luck").cause())).isEqualTo("no luck");
        assertThat(FailureText.of(new Subscription.Rejected("never"))).isEqualTo("never");
        assertThat(FailureText.of(new Refusal(FailureCode.TOO_LARGE, "2 KiB are too much")))
                .isEqualTo("2 KiB are too much");
        assertThat(FailureText.of(new ReplyException(ReplyFailure.TIMEOUT, "nobody answered")))
                .isEqualTo("nobody answered");
    }

    @Test
    void ofAnythingElseTheClassSaysWhatTheMessageLeavesOut() {
        assertThat(FailureText.of(new FileNotFoundException("a.csv")))
                .isEqualTo("java.io.FileNotFoundException: a.csv");
        assertThat(FailureText.of(new NullPointerException())).isEqualTo("java.lang.NullPointerException");
        assertThat(FailureText.of(new Subscription.Rejected(""))).contains("Rejected");
    }
}
