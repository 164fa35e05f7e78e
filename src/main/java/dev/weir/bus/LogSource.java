package dev.weir.bus;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** One log, for whoever follows or reads it. Answers come on the caller's context and fail with a {@link Refusal}. */
public interface LogSource {
    /** Most events of one page. */
    int MOST_READ = 10_000;

    /** The ends of the log, which is begun when there is none yet. */
    Future<Head> head();

    /** The ends as they were within about a second: what may be asked all the time. */
    Future<Head> lately();

    /** What follows an offset, as {@link Journal#read}. */
    Future<Kept> read(long from, int limit);

    /**
     * A page, as it is asked for from outside.
     *
     * @param since a position, exclusive; null for the oldest that is there
     * @return fails with {@code invalid_parameter}, {@code epoch_changed} or {@code trimmed}
     */
    default Future<Kept> page(@Nullable String since, int limit) {
        if (limit < 1 || limit > MOST_READ) {
            return refused(FailureCode.INVALID_PARAMETER, "limit is from 1 to " + MOST_READ + ", not " + limit);
        }
        Position asked = Position.parse(since);
        if (since != null && asked == null) {
            return refused(FailureCode.INVALID_PARAMETER, "since is a position, <epoch>:<offset>, not '" + since + "'");
        }
        long from = asked == null ? 0 : asked.offset();
        return head().compose(head -> {
            FailureCode wrong = wrong(asked, head);
            return wrong == null ? read(from, limit) : refused(wrong, wrong.meaning());
        });
    }

    private static @Nullable FailureCode wrong(@Nullable Position asked, Head head) {
        if (asked == null) {
            return null;
        }
        return asked.epoch().equals(head.epoch())
                ? asked.offset() < head.floor() ? FailureCode.TRIMMED : null
                : FailureCode.EPOCH_CHANGED;
    }

    private static <T> Future<T> refused(FailureCode code, String why) {
        return Future.failedFuture(new Refusal(code, why));
    }

    /** A log of a journal. */
    static LogSource of(Journal journal, String address, Keep keep) {
        return new LogSource() {
            @Override
            public Future<Head> head() {
                return journal.head(address, keep);
            }

            @Override
            public Future<Head> lately() {
                return journal.lately(address, keep);
            }

            @Override
            public Future<Kept> read(long from, int limit) {
                return journal.read(address, from, limit);
            }
        };
    }

    /**
     * The log of an address of this node.
     *
     * @throws Refusal when nothing is kept of it
     */
    static LogSource in(Publisher node, String address) {
        Keep keep = node.keepOf(address);
        Journal journal = node.journal();
        if (keep == null) {
            throw new Refusal(FailureCode.UNKNOWN_ADDRESS, "'" + address + "' keeps nothing: its policy needs keep:");
        }
        if (journal == null) {
            throw new Refusal(FailureCode.UNAVAILABLE, "this node keeps nothing");
        }
        return of(journal, address, keep);
    }
}
