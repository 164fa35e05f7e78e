package dev.weir.source;

import dev.weir.config.Problems;
import dev.weir.config.RawValue;
import dev.weir.config.SourceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every kind of source that ships with Weir, and how a configuration becomes sources. */
public final class BuiltInSources {
    /** The kinds, in the order of the documentation. */
    public static final List<SourceType> TYPES = List.of(
            HostSource.TYPE,
            NodeSource.TYPE,
            AccessSource.TYPE,
            TailSource.TYPE,
            FileInputType.TYPE,
            HttpInputType.TYPE,
            TimerSource.TYPE);

    /** A source and the address its events go to. */
    public record Bound(String kind, Source source, String to) {}

    private BuiltInSources() {}

    /** Makes the sources of a configuration, noting what is wrong with them. */
    public static List<Bound> make(List<SourceConfig> configs, Path home, Problems problems) {
        List<Bound> made = new ArrayList<>();
        for (SourceConfig config : configs) {
            SourceType type = type(config.kind());
            if (type == null) {
                problems.add(config.at(), "sources: there is no source '" + config.kind() + "'", mend(config.kind()));
                continue;
            }
            Options options = new Options(type, config.options(), problems);
            made.add(new Bound(config.kind(), type.make().apply(options, home), config.to()));
        }
        return made;
    }

    /**
     * Makes one source that somebody else than a {@link SourceVerticle} runs, such as a flow; it may be an {@link Input}.
     *
     * @param kind as in {@code from: {file: ...}}
     * @param options the map behind it, as in {@code sources:} without {@code to}
     * @param home where relative files resolve
     * @return null when there is no such kind, which is noted; other problems are noted, and what is made must not be started then
     */
    public static @Nullable Source make(String kind, RawValue options, Path home, Problems problems) {
        SourceType type = type(kind);
        if (type == null) {
            problems.add(options.at(), "there is no source '" + kind + "'", mend(kind));
            return null;
        }
        return type.make().apply(new Options(type, options, problems), home);
    }

    private static @Nullable SourceType type(String kind) {
        return TYPES.stream()
                .filter(type -> type.name().equals(kind))
                .findFirst()
                .orElse(null);
    }

    private static String mend(String kind) {
        return Options.mend(kind, TYPES.stream().map(SourceType::name).toList());
    }
}
