package dev.weir.cli;

import dev.weir.config.ConfigException;
import dev.weir.config.Nearest;
import dev.weir.time.Clock;
import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds and runs a command. Runs on the main thread and may block. */
public final class Cli {
    /** What the launcher does. */
    private static final List<String> LAUNCHED = List.of("run", "js");

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    /** A command: takes its arguments, answers an exit code. */
    @FunctionalInterface
    interface Command {
        int run(List<String> arguments) throws IOException, InterruptedException;
    }

    /** @param env the environment */
    public Cli(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    /** Whether the first word is a command other than {@code run}. */
    public static boolean handles(String[] args) {
        return args.length > 0
                && (List.of("-h", "--help", "--version").contains(args[0])
                        || new Cli(Map.of(), System.out, System.err).commands().containsKey(args[0]));
    }

    /** Runs a command; the result is the program's exit code. */
    public int run(String[] args) {
        List<String> rest = new ArrayList<>(List.of(args));
        String name = rest.remove(0).replaceFirst("^-h$", "help").replaceFirst("^--", "");
        Command command = commands().get(name);
        if (command == null) {
            err.println(unknown(name));
            return ExitCode.USAGE;
        }
        try {
            if (rest.contains("--help") || rest.contains("-h")) {
                out.print(Help.of(name));
                return ExitCode.OK;
            }
            int code = command.run(rest);
            Output.check(out);
            return code;
        } catch (UsageException wrong) {
            err.println("weir " + name + ": " + wrong.getMessage() + "; see weir " + name + " --help");
            return ExitCode.USAGE;
        } catch (ConfigException problems) {
            err.println(problems.getMessage());
            return ExitCode.USAGE;
        } catch (Unreachable unreachable) {
            err.println("weir " + name + ": " + unreachable.getMessage());
            return ExitCode.UNREACHABLE;
        } catch (DecodeException notJson) {
            err.println("weir " + name + ": the server's answer is not Weir's; does --url name a node?");
            return ExitCode.FAILED;
        } catch (IOException | Output.Lost failure) {
            err.println("weir " + name + ": " + describe(failure));
            return ExitCode.FAILED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    /** Of a file's failure the message is often only its name. */
    private static String describe(Exception failure) {
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            String what = file instanceof NoSuchFileException
                    ? " does not exist"
                    : file instanceof AccessDeniedException ? " may not be read or written" : " cannot be used";
            return file.getFile() + what;
        }
        return String.valueOf(failure.getMessage());
    }

    /** What to say of a first word that is no command, or was meant to be one. */
    public static String unknown(String name) {
        Set<String> known = new TreeSet<>(new Cli(Map.of(), System.out, System.err).names());
        known.addAll(LAUNCHED);
        if (known.contains(name)) {
            return "weir: the command comes first: weir " + name + ", then its options; see weir help";
        }
        return "weir: unknown command " + name
                + Nearest.to(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("")
                + "; see weir help";
    }

    Set<String> names() {
        return commands().keySet();
    }

    private Map<String, Command> commands() {
        ConfigCommands config = new ConfigCommands(env, out, err);
        ClientCommands client = new ClientCommands(env, System.in, out, err);
        Map<String, Command> all = new TreeMap<>();
        all.put("check", config::check);
        all.put("config", config::config);
        all.put("explain", config::explain);
        all.put("token", config::token);
        all.put("password", new PasswordCommand(System.in, out)::password);
        all.put("init", new InitCommand(out)::init);
        all.put("journal", new JournalCommands(env, System.in, out)::journal);
        all.put("dead-letters", new DeadLetterCommands(env, System.in, out, err)::deadLetters);
        FlowCommands flows = new FlowCommands(env, out, err);
        all.put("flows", flows::flows);
        all.put("test", flows::test);
        all.put("history", new HistoryCommand(env, out, err)::history);
        all.put("trace", new TraceCommand(env, out, err)::trace);
        all.put("publish", client::publish);
        all.put("tail", client::tail);
        all.put("tap", new TapCommand(env, out, err, Clock.system())::tap);
        all.put("request", client::request);
        all.put("addresses", client::addresses);
        all.put("sessions", client::sessions);
        all.put("top", new TopCommand(env, out, err, Terminal.isThere())::top);
        all.put("version", arguments -> version());
        all.put("help", this::help);
        return all;
    }

    private int version() {
        String version = Cli.class.getPackage().getImplementationVersion();
        out.println("weir " + (version == null ? "(built from source)" : version) + ", Java "
                + Runtime.version().feature());
        return ExitCode.OK;
    }

    private int help(List<String> about) throws IOException {
        if (about.isEmpty()) {
            out.print(Help.all());
            return ExitCode.OK;
        }
        String name = about.get(0);
        if (!names().contains(name) && !LAUNCHED.contains(name)) {
            err.println(unknown(name));
            return ExitCode.USAGE;
        }
        out.print(Help.of(name));
        return ExitCode.OK;
    }
}
