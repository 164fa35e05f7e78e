package dev.weir.journal.subscription;

import dev.weir.journal.Work;

/** What operators should hear of a subscription. */
interface News {
    /** A dead letter is kept. */
    void buried(Work.DeadLetter letter);

    /** Events were deleted before they were delivered. */
    void skipped(Skipped events);
}
