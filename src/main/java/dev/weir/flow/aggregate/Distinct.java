package dev.weir.flow.aggregate;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many different values there were. Kept are 64-bit hashes, not values: up to {@value #EXACT} of them as a set (two different values
 * are taken for one with a probability below 10^-13), then a {@link HyperLogLog}.
 */
final class Distinct implements Aggregate {
    /** Up to how many the count is exact. */
    static final int EXACT = 1000;

    private static final long[] NONE = {};
    private static final int FIRST_TABLE = 4;

    private long[] table = NONE; // open addressing, 0 for free
    private int size;
    private @Nullable HyperLogLog estimate;

    Distinct() {}

    Distinct(Object json) {
        if (json instanceof JsonObject kept) {
            estimate = new HyperLogLog(Base64.getDecoder().decode(kept.getString("registers")));
        } else {
            ByteBuffer hashes = ByteBuffer.wrap(Base64.getDecoder().decode(String.valueOf(json)));
            while (hashes.hasRemaining()) {
                addHash(hashes.getLong());
            }
        }
    }

    @Override
    public void check(@Nullable Object value) {
        Values.check("distinct", value);
    }

    @Override
    public void add(@Nullable Object value, long time) {
        check(value);
        if (value != null) {
            addHash(Hashes.of(value));
        }
    }

    @Override
    public void addLong(long value, long time) {
        addHash(Hashes.ofLong(value));
    }

    private void addHash(long given) {
        long hash = given == 0 ? 1 : given;
        if (estimate != null) {
            estimate.add(hash);
            return;
        }
        if (size * 4 >= table.length * 3) {
            grow();
        }
        if (put(table, hash) && ++size > EXACT) {
            toEstimate();
        }
    }

    private static boolean put(long[] table, long hash) {
        int mask = table.length - 1;
        int at = (int) hash & mask;
        while (table[at] != 0) {
            if (table[at] == hash) {
                return false;
            }
            at = (at + 1) & mask;
        }
        table[at] = hash;
        return true;
    }

    private void grow() {
        long[] larger = new long[Math.max(FIRST_TABLE, table.length * 2)];
        for (long hash : table) {
            if (hash != 0) {
                put(larger, hash);
            }
        }
        table = larger;
    }

    private HyperLogLog toEstimate() {
        if (estimate == null) {
            estimate = new HyperLogLog();
            for (long hash : table) {
                if (hash != 0) {
                    estimate.add(hash);
                }
            }
            table = NONE;
            size = 0;
        }
        return estimate;
    }

    @Override
    public void merge(Aggregate other) {
        Distinct that = (Distinct) other;
        for (long hash : that.table) {
            if (hash != 0) {
                addHash(hash);
            }
        }
        if (that.estimate != null) {
            toEstimate().merge(that.estimate);
        }
    }

    @Override
    public Object result(List<Object> constants) {
        return estimate == null ? size : Math.round(estimate.estimate());
    }

    @Override
    public Object toJson() {
        if (estimate != null) {
            return new JsonObject().put("registers", Base64.getEncoder().encodeToString(estimate.registers()));
        }
        ByteBuffer hashes = ByteBuffer.allocate(size * Long.BYTES);
        for (long hash : table) {
            if (hash != 0) {
                hashes.putLong(hash);
            }
        }
        return Base64.getEncoder().encodeToString(hashes.array());
    }
}
