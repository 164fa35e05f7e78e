package dev.weir.event;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The extension attributes of an event: immutable, checked, in order of their names.
 *
 * <p>The order makes every encoding of an event the same bytes. Two arrays, because millions of events with a handful of
 * extensions each sit in queues and history.
 */
final class Extensions extends AbstractMap<String, String> {
    static final Extensions EMPTY = new Extensions(new String[0], new String[0]);

    private final String[] names;
    private final String[] values;

    private Extensions(String[] names, String[] values) {
        this.names = names;
        this.values = values;
    }

    /**
     * Copies and checks a map, unless it is one of these already.
     *
     * @throws InvalidEventException naming the first bad extension
     */
    static Extensions of(Map<String, String> map) {
        if (map instanceof Extensions checked) {
            return checked;
        }
        if (map.isEmpty()) {
            return EMPTY;
        }
        SortedMap<String, String> sorted =
                map instanceof SortedMap<String, String> already && already.comparator() == null
                        ? already
                        : new TreeMap<>(map);
        sorted.forEach(Attributes::extension);
        return new Extensions(
                sorted.keySet().toArray(new String[0]), sorted.values().toArray(new String[0]));
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        int i = indexOf(key);
        return i < 0 ? null : values[i];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return indexOf(key) >= 0;
    }

    private int indexOf(@Nullable Object key) {
        return key instanceof String name ? Arrays.binarySearch(names, name) : -1;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Entry<String, String>> {
        @Override
        public int size() {
            return names.length;
        }

        @Override
        public Iterator<Entry<String, String>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < names.length;
                }

                @Override
                public Entry<String, String> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return Map.entry(names[next], values[next++]);
                }
            };
        }
    }
}
