package dev.weir.node;

import dev.weir.bus.Policies;
import dev.weir.bus.PolicyCompiler;
import dev.weir.config.Config;
import dev.weir.config.ConfigException;
import dev.weir.config.LoadedConfig;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.SourceConfig;
import dev.weir.edge.TrustedProxies;
import dev.weir.edge.auth.JwtKey;
import dev.weir.edge.auth.JwtKeys;
import dev.weir.flow.Flows;
import dev.weir.source.BuiltInSources;
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
 * @param sources what makes events by itself
 * @param flows what processes events
 */
public record NodeSettings(
        LoadedConfig loaded,
        Policies policies,
        List<JwtKey> keys,
        Map<String, String> env,
        List<BuiltInSources.Bound> sources,
        Flows flows) {
    /** Copies what it is given. */
    public NodeSettings {
        keys = List.copyOf(keys);
        env = Map.copyOf(env);
        sources = List.copyOf(sources);
    }

    /**
     * The same files as they are now. Blocking.
     *
     * @throws ConfigException with every problem
     */
    NodeSettings again() {
        return read(loaded.file(), env);
    }

    /** What keeps a node from starting with it, alone or in a cluster. */
    public List<Problem> problems(boolean clustered) {
        return EngineChoice.problems(loaded, policies, flows, clustered);
    }

    @Override
    public String toString() {
        return "NodeSettings[" + loaded.file() + ", " + policies.digest() + "]";
    }

    /** @throws ConfigException with every problem */
    public static NodeSettings read(Path file, Map<String, String> env) {
        List<Policies> compiled = new ArrayList<>(1);
        List<JwtKey> keys = new ArrayList<>();
        List<BuiltInSources.Bound> sources = new ArrayList<>();
        List<Flows> flows = new ArrayList<>(1);
        LoadedConfig loaded = Config.load(
                file,
                env,
                (values, problems) -> compiled.add(compile(values, problems)),
                (values, problems) -> keys.addAll(JwtKeys.load(values, problems)),
                (values, problems) -> {
                    sources.addAll(BuiltInSources.make(values.config().sources(), values.home(), problems));
                    checkTargets(values, compiled.get(0), problems);
                },
                (values, problems) -> flows.add(FlowFiles.read(values, compiled.get(0), problems)),
                TrustedProxies::check,
                TlsFiles::check,
                EngineChoice::check);
        return new NodeSettings(loaded, compiled.get(0), keys, env, sources, flows.get(0));
    }

    private static Policies compile(LoadedConfig values, Problems problems) {
        return new PolicyCompiler(values.home(), problems).compile(values.config());
    }

    /** An address that no policy declares is closed, so a source would make events for nobody. */
    private static void checkTargets(LoadedConfig values, Policies policies, Problems problems) {
        for (SourceConfig source : values.config().sources()) {
            if (policies.of(source.to()).isEmpty()) {
                problems.add(
                        source.at(),
                        "sources: no policy declares '" + source.to() + "'",
                        "add - {match: " + source.to() + ", subscribe: ...} under addresses:");
            }
        }
    }
}
