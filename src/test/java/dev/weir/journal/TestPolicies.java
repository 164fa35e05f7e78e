package dev.weir.journal;

import dev.weir.bus.Policies;
import dev.weir.bus.PolicyCompiler;
import dev.weir.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Policies as a node has them. */
public final class TestPolicies {
    private TestPolicies() {}

    /** Those of a configuration, which is written into a folder. */
    public static Policies load(Path folder, String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("weir.yaml"), yaml);
        List<Policies> compiled = new ArrayList<>();
        Config.load(
                file,
                Map.of(),
                (values, problems) ->
                        compiled.add(new PolicyCompiler(values.home(), problems).compile(values.config())));
        return compiled.get(0);
    }
}
