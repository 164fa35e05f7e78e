package dev.weir.source.file;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read at once: records of one file.
 *
 * @param epoch names the file's incarnation
 * @param items records in order
 * @param then what comes behind them
 * @param failure why nothing more can be read, null when that is not so
 */
public record Batch(String epoch, List<Item> items, Then then, Item.@Nullable Fault failure) {
    /** What comes behind a batch. */
    public enum Then {
        /** The next batch. */
        MORE,
        /** Nothing yet: ask again later. */
        WAIT,
        /** Nothing. */
        END
    }

    static Batch nothing(Then then) {
        return new Batch("", List.of(), then, null);
    }

    static Batch failed(String place, String error) {
        return new Batch("", List.of(), Then.END, new Item.Fault(place, error));
    }

    static Batch of(String epoch, List<Item> items) {
        return new Batch(epoch, items, Then.MORE, null);
    }
}
