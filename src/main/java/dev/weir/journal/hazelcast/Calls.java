package dev.weir.journal.hazelcast;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import dev.weir.journal.JournalException;
import dev.weir.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks Hazelcast and waits for the answer, never for long. Only on threads of the journal. Stateless.
 *
 * <p>Hazelcast answers a write whose backup was not confirmed in its time all the same. Such an answer is not believed: then there
 * may be one copy only, so what took that long has failed as far as anybody is told.
 */
final class Calls {
    private static final String BACKUP_TIMEOUT = "hazelcast.operation.backup.timeout.millis";
    private static final long USUAL_BACKUP_TIMEOUT = 5_000;
    private static final long PATIENCE_MILLIS = 15_000;
    private static final String UNCONFIRMED = "a member did not confirm its copy in time";

    /** A question to Hazelcast. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws InterruptedException;
    }

    private final Clock clock;
    private final long unconfirmedNanos;

    Calls(HazelcastInstance hazelcast, Clock clock) {
        this.clock = clock;
        String set = hazelcast.getConfig().getProperty(BACKUP_TIMEOUT);
        long millis = set == null ? USUAL_BACKUP_TIMEOUT : Long.parseLong(set);
        this.unconfirmedNanos = TimeUnit.MILLISECONDS.toNanos(millis * 9 / 10);
    }

    private boolean isLate(long begunNanos) {
        return clock.nanos() - begunNanos >= unconfirmedNanos;
    }

    <T> T ask(Call<T> call) throws JournalException {
        boolean interrupted = Thread.interrupted();
        try {
            return call.run();
        } catch (InterruptedException e) {
            interrupted = true;
            throw failed(e);
        } catch (HazelcastException | IllegalStateException e) {
            throw failed(e);
        } finally {
            restore(interrupted);
        }
    }

    <T> T write(Call<T> call) throws JournalException {
        long begun = clock.nanos();
        T result = ask(call);
        if (isLate(begun)) {
            throw failed(new IllegalStateException(UNCONFIRMED));
        }
        return result;
    }

    /** A write that goes on by itself; it fails when its backup may not have confirmed it. */
    <T> CompletionStage<T> begin(Call<CompletionStage<T>> call) throws JournalException {
        long begun = clock.nanos();
        return ask(call).thenApply(result -> {
            if (isLate(begun)) {
                throw new IllegalStateException(UNCONFIRMED);
            }
            return result;
        });
    }

    /** Waits also while the thread is asked to end, since what was begun has an outcome soon. */
    <T> T answer(CompletionStage<T> stage) throws JournalException {
        boolean interrupted = Thread.interrupted();
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        try {
            while (true) {
                try {
                    return stage.toCompletableFuture().get(deadline - clock.nanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException | ExecutionException e) {
            throw failed(e);
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static JournalException failed(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return new JournalException("the memory of the cluster does not answer: " + cause, cause);
    }
}
