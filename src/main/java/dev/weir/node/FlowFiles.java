package dev.weir.node;

import dev.weir.bus.Policies;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Location;
import dev.weir.config.Problems;
import dev.weir.flow.Flows;
import dev.weir.flow.Vocabulary;
import dev.weir.flow.sink.BuiltInTargets;
import dev.weir.flow.stage.BuiltInStages;
import dev.weir.script.ScriptFunctions;
import dev.weir.source.BuiltInSources;
import dev.weir.source.SourceType;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the flows of a configuration with all that ships with Weir. A node without flow files loads nothing of it. Stateless. */
final class FlowFiles {
    private FlowFiles() {}

    static Flows read(LoadedConfig values, Policies policies, Problems problems) {
        String folder = values.config().flows().path();
        Path resolved = values.resolve(folder);
        Location written = values.origins().at("flows.path");
        if (!Files.isDirectory(resolved) && !written.equals(Location.NONE)) {
            problems.add(written, "flows.path: there is no folder " + resolved, "make it, or correct the name");
        }
        return Files.isDirectory(resolved)
                ? Flows.read(folder, resolved, vocabulary(values.home()), policies, problems)
                : Flows.NONE;
    }

    static Vocabulary vocabulary(Path home) {
        return new Vocabulary(
                BuiltInStages.TYPES,
                BuiltInTargets.TYPES,
                BuiltInSources.TYPES.stream().map(SourceType::name).toList(),
                (kind, options, problems) -> BuiltInSources.make(kind, options, home, problems),
                new ScriptFunctions(),
                home);
    }
}
