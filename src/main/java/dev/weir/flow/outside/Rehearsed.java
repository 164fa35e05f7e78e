package dev.weir.flow.outside;

import dev.weir.flow.FlowEvent;
import dev.weir.flow.NotCalledException;
import dev.weir.flow.Rehearsal;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers as a test says, and not at all in a dry run. An error that begins with an HTTP status means what that status means. Owned by the test's thread. */
public record Rehearsed(Rehearsal rehearsal, Timers timers) implements Outside {
    private static final Pattern STATUS = Pattern.compile("([1-5]\\d\\d)\\b.*", Pattern.DOTALL);

    @Override
    public Call ask(FlowEvent event) {
        Rehearsal.Answer answer;
        try {
            answer = rehearsal.answer();
        } catch (NotCalledException nobody) {
            return new Call(Future.failedFuture(nobody), () -> {});
        }
        Promise<@Nullable Object> promise = Promise.promise();
        if (answer.after() == null) {
            settle(answer, promise);
            return new Call(promise.future(), () -> {});
        }
        Timers.Timer timer = timers.after(answer.after(), () -> settle(answer, promise));
        return new Call(promise.future(), timer::cancel);
    }

    private static void settle(Rehearsal.Answer answer, Promise<@Nullable Object> promise) {
        String error = answer.error();
        if (error == null) {
            promise.complete(answer.data());
        } else {
            promise.fail(failure(error));
        }
    }

    private static RuntimeException failure(String error) {
        Matcher status = STATUS.matcher(error);
        return status.matches()
                ? Statuses.failure(
                        error, Integer.parseInt(status.group(1)), MultiMap.caseInsensitiveMultiMap(), () -> 0L)
                : new FailedException(error);
    }

    /** A future that is there already, for those who need no answer. */
    public static Call done() {
        return new Call(Future.succeededFuture(), () -> {});
    }
}
