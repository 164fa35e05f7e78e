package dev.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import dev.weir.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The JavaScript of the README, as it stands there, in a browser. */
class ReadmeIT {
    private static final Pattern SNIPPET = Pattern.compile("(?s)```js\n(.*?)```");
    private static final Pattern IMPORT = Pattern.compile("import (\\{[^}]+\\}) from ('[^']+');");

    @RegisterExtension
    private static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private Path home;

    @Test
    void theSnippetEmitsAndHears() throws IOException {
        String webroot = Path.of("webroot").toAbsolutePath().toString();
        String demo = Files.readString(Path.of("conf/weir.yaml"));
        Matcher snippet = SNIPPET.matcher(Files.readString(Path.of("README.md")));
        assertThat(snippet.find()).isTrue();
        String code = IMPORT.matcher(snippet.group(1)).replaceAll("const $1 = await import($2);");
        try (TestNode node = TestNode.start(home, demo + "\nhttp: {webroot: \"" + webroot + "\"}\n")) {
            Page page = CHROMIUM.visitor();
            page.navigate(node.url("/"));
            ConsoleMessage said = page.waitForConsoleMessage(
                    new Page.WaitForConsoleMessageOptions()
                            .setPredicate(message -> message.text().contains("hello")),
                    () -> page.evaluate("async () => {" + code + "}"));
            assertThat(said.text()).contains("hello");
            assertThat(CHROMIUM.complaints()).isEmpty();
        }
    }
}
