package dev.weir.config;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: the file, over it the environment, below it the defaults. Everything that is wrong is said at
 * once. Blocking: called while starting or on a worker. Stateless.
 */
public final class Config {
    private Config() {}

    /** A further check, owned by another package, of a configuration whose values are well-formed. */
    @FunctionalInterface
    public interface Check {
        /** Notes what is wrong; changes nothing. */
        void check(LoadedConfig loaded, Problems problems);
    }

    /** The file to read: {@code --conf}, else WEIR_CONF, else {@code conf/weir.yaml} in WEIR_HOME or here. */
    public static Path find(@Nullable String conf, Map<String, String> env) {
        String named = conf != null ? conf : env.get("WEIR_CONF");
        if (named != null) {
            return Path.of(named);
        }
        String home = env.get("WEIR_HOME");
        Path here = Path.of("conf", "weir.yaml");
        return home == null ? here : Path.of(home).resolve(here);
    }

    /** What relative paths resolve against: WEIR_HOME, else the folder that holds {@code conf/}, else the file's folder. */
    public static Path homeOf(Path file, Map<String, String> env) {
        String home = env.get("WEIR_HOME");
        if (home != null) {
            return Path.of(home).toAbsolutePath().normalize();
        }
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            return file.toAbsolutePath();
        }
        Path parent = folder.getParent();
        return folder.endsWith("conf") && parent != null ? parent : folder;
    }

    /** Reads {@code file} with the home of {@link #homeOf}. */
    public static LoadedConfig load(Path file, Map<String, String> env, Check... checks) {
        return load(file, homeOf(file, env), env, checks);
    }

    /**
     * Reads {@code file}.
     *
     * @param home what relative paths resolve against
     * @param env the environment; only {@code WEIR_*} is looked at
     * @param checks run after the values are read, their problems are thrown together with the rest
     * @throws ConfigException with every problem found
     */
    public static LoadedConfig load(Path file, Path home, Map<String, String> env, Check... checks) {
        Problems problems = new Problems();
        Path absoluteHome = home.toAbsolutePath().normalize();
        List<Key.Path> keys = Key.variables(WeirConfig.class, "").toList();
        Environment environment = Environment.read(env, keys, absoluteHome, problems);
        Origins.Builder origins = new Origins.Builder();
        Location top = new Location(file.toString(), 0);
        Binder binder = new Binder(problems, environment, origins);
        Yaml.Fields written = document(file, top, problems);
        WeirConfig config = binder.bind(WeirConfig.class, written, top);
        // Without the file, what else refers to it would only seem wrong.
        if (config == null || (written == null && !problems.isEmpty())) {
            throw new ConfigException(sorted(problems, file));
        }
        LoadedConfig loaded = new LoadedConfig(config, origins.build(), absoluteHome, file);
        CrossChecks.check(loaded, problems);
        for (Check check : checks) {
            check.check(loaded, problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(sorted(problems, file));
        }
        return loaded;
    }

    private static Yaml.@Nullable Fields document(Path file, Location top, Problems problems) {
        String text = ConfigFiles.read(file, top, problems);
        if (text == null) {
            return null;
        }
        Yaml yaml = new YamlReader(file.toString(), problems).read(text);
        if (yaml == null || yaml instanceof Yaml.Fields) {
            Completeness.check(file.toString(), text, yaml, problems);
            return (Yaml.Fields) yaml;
        }
        problems.add(yaml.at(), "the file holds " + yaml.found() + ", expected keys", "begin with a key, as in http:");
        return null;
    }

    /** In the order of the file, then file by file those it names, then the environment. */
    private static List<Problem> sorted(Problems problems, Path file) {
        return problems.list().stream()
                .sorted(Comparator.comparing((Problem p) -> p.at().line() == 0)
                        .thenComparing(p -> !p.at().file().equals(file.toString()))
                        .thenComparing(p -> p.at().line() == 0 ? "" : p.at().file())
                        .thenComparing(p -> p.at().line()))
                .distinct()
                .toList();
    }
}
