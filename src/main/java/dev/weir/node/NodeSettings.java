package dev.weir.node;

import dev.weir.bus.Policies;
import dev.weir.bus.PolicyCompiler;
import dev.weir.config.Config;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Problems;
import dev.weir.edge.auth.JwtKey;
import dev.weir.edge.auth.JwtKeys;
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
 * @param keys the keys that verify tokens, those at a URL left out
 * @param env the environment it was read with, needed to read it again; may hold secrets
 */
public record NodeSettings(LoadedConfig loaded, Policies policies, List<JwtKey> keys, Map<String, String> env) {
    /** Copies what it is given. */
    public NodeSettings {
        keys = List.copyOf(keys);
        env = Map.copyOf(env);
    }

    /**
     * The same files as they are now.
     *
     * @throws ConfigException with every problem
     */
    NodeSettings again() {
        return read(loaded.file(), env);
    }

    @Override
    public String toString() {
        return "NodeSettings[" + loaded.file() + ", " + policies.digest() + "]";
    }

    /** @throws ConfigException with every problem */
    public static NodeSettings read(Path file, Map<String, String> env) {
        List<Policies> compiled = new ArrayList<>(1);
        List<JwtKey> keys = new ArrayList<>();
        LoadedConfig loaded = Config.load(
                file,
                env,
                (values, problems) -> compiled.add(compile(values, problems)),
                (values, problems) -> keys.addAll(JwtKeys.load(values, problems)));
        return new NodeSettings(loaded, compiled.get(0), keys, env);
    }

    private static Policies compile(LoadedConfig values, Problems problems) {
        return new PolicyCompiler(values.home(), problems)
                .compile(values.config().addresses());
    }
}
