package dev.weir.journal.subscription;

import dev.weir.journal.Work;
import java.util.ArrayList;
import java.util.List;

/** What operators would have heard. */
final class MemoryNews implements News {
    final List<Work.DeadLetter> buried = new ArrayList<>();
    final List<Skipped> skipped = new ArrayList<>();

    @Override
    public void buried(Work.DeadLetter letter) {
        buried.add(letter);
    }

    @Override
    public void skipped(Skipped events) {
        skipped.add(events);
    }
}
