package dev.weir.cli;

import dev.weir.config.JournalConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.flow.Flows;
import dev.weir.journal.JournalException;
import dev.weir.journal.sql.JournalStore;
import dev.weir.node.NodeSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What flows would forget with the files as they are: in the data folder, which is read only, or on a running node. A changed stage begins
 * anew, and so it is good to know before the files come into force.
 */
final class MemoryCheck {
    private final NodeSettings settings;
    private final PrintStream out;

    MemoryCheck(NodeSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** In the data folder of a SQLite journal, if there is one. A journal on a server is not looked at: its nodes are asked. */
    void ofFolder(boolean clustered) {
        LoadedConfig loaded = settings.loaded();
        JournalConfig journal = loaded.config().journal();
        Path folder = loaded.resolve(journal.path());
        boolean elsewhere = clustered || journal.engine() == JournalConfig.Engine.POSTGRESQL;
        if (elsewhere || settings.flows().isEmpty() || !Files.exists(JournalStore.file(folder))) {
            return;
        }
        try (JournalStore store = JournalStore.sqlite(folder)) {
            settings.flows().losses(store.remembered()).forEach(out::println);
        } catch (JournalException unreadable) {
            out.println("what flows remember is not known: " + unreadable.getMessage());
        }
    }

    /** On the node that {@code --url} names. */
    int beside(Http http, Said said) throws IOException, InterruptedException {
        Http.Answer known = http.get("/v1/flows");
        int code = said.check(known);
        if (code != ExitCode.OK) {
            return code;
        }
        List<String> gone = new ArrayList<>();
        new JsonObject(known.body())
                .getJsonArray("flows", new JsonArray())
                .forEach(flow -> gone.add(((JsonObject) flow).getString("flow")));
        gone.removeAll(settings.flows().names());
        gone.forEach(name -> out.println("flow " + name + " runs there, and no file here is it: it would end"));
        for (Flows.Source flow : settings.flows().sources()) {
            Http.Answer answer =
                    http.postText("/v1/flows/dry-run?limit=0&file=" + Http.encode(flow.file()), flow.text());
            code = said.check(answer);
            if (code != ExitCode.OK) {
                return code;
            }
            for (Object each : new JsonObject(answer.body()).getJsonArray("forgets")) {
                out.println(flow.file() + ": flow " + flow.name() + ": " + DryRunCommand.forgets((JsonObject) each));
            }
        }
        return ExitCode.OK;
    }
}
