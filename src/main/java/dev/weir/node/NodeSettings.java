package dev.weir.node;

import dev.weir.bus.Policies;
import dev.weir.bus.PolicyCompiler;
import dev.weir.config.Config;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A configuration that was read and checked as a whole, policies compiled. Made while starting and on reload, off the event
 * loops.
 *
 * @param loaded the values
 * @param policies what they say of addresses
 */
public record NodeSettings(LoadedConfig loaded, Policies policies) {
    /** @throws ConfigException with every problem */
    public static NodeSettings read(Path file, Map<String, String> env) {
        List<Policies> compiled = new ArrayList<>(1);
        LoadedConfig loaded = Config.load(file, env, (values, problems) -> compiled.add(compile(values, problems)));
        return new NodeSettings(loaded, compiled.get(0));
    }

    private static Policies compile(LoadedConfig values, Problems problems) {
        return new PolicyCompiler(values.home(), problems)
                .compile(values.config().addresses());
    }
}
