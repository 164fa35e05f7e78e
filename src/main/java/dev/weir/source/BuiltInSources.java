package dev.weir.source;

import dev.weir.config.Problems;
import dev.weir.config.SourceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every kind of source that ships with Weir, and how a configuration becomes sources. */
public final class BuiltInSources {
    /** The kinds, in the order of the documentation. */
    public static final List<SourceType> TYPES =
            List.of(HostSource.TYPE, NodeSource.TYPE, AccessSource.TYPE, TailSource.TYPE, TimerSource.TYPE);

    /** A source and the address its events go to. */
    public record Bound(String kind, Source source, String to) {}

    private BuiltInSources() {}

    /** Makes the sources of a configuration, noting what is wrong with them. */
    public static List<Bound> make(List<SourceConfig> configs, Path home, Problems problems) {
        List<Bound> made = new ArrayList<>();
        for (SourceConfig config : configs) {
            Optional<SourceType> type =
                    TYPES.stream().filter(t -> t.name().equals(config.kind())).findFirst();
            if (type.isEmpty()) {
                List<String> known = TYPES.stream().map(SourceType::name).toList();
                problems.add(
                        config.at(),
                        "sources: there is no source '" + config.kind() + "'",
                        Options.mend(config.kind(), known));
                continue;
            }
            Options options = new Options(type.get(), config.options(), problems);
            made.add(new Bound(config.kind(), type.get().make().apply(options, home), config.to()));
        }
        return made;
    }
}
