package dev.weir.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The machine's Chromium, without a window, for the tests of a class: {@code @RegisterExtension static final Chromium CHROMIUM = new
 * Chromium();}. It is launched when the first test of this JVM asks for a page, serves all of its classes and ends with it. Each
 * visitor has a context of its own; after each test all are closed, and what their pages complained of is forgotten. Where Chromium
 * is not installed, whoever asks for a page is skipped.
 */
public final class Chromium implements AfterEachCallback {
    private static final double PATIENCE_MILLIS = 30_000;
    private static final Path BINARY = Path.of("/usr/bin/chromium");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static @Nullable Playwright playwright;
    private static @Nullable Browser launched;

    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /** One for all tests of this JVM, and another one if that has crashed. */
    private static synchronized Browser browser() {
        Browser browser = launched;
        if (browser == null || !browser.isConnected()) {
            browser = playwright()
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(BINARY)
                            .setArgs(FLAGS));
            launched = browser;
        }
        return browser;
    }

    private static Playwright playwright() {
        Playwright made = playwright;
        if (made == null) {
            PlaywrightAssertions.setDefaultAssertionTimeout(
                    PATIENCE_MILLIS); // the machine may be busy with other things
            made = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            // Its process ends the browser, and ends itself when this JVM is killed.
            Runtime.getRuntime().addShutdownHook(new Thread(made::close, "end-chromium"));
            playwright = made;
        }
        return made;
    }

    /** Closes all pages and forgets what they complained of; what ends each test anyway. */
    public void clear() {
        contexts.forEach(BrowserContext::close);
        contexts.clear();
        complaints.clear();
    }

    /** A page of a visitor of its own: nothing stored, nothing shared with other pages. */
    public Page visitor() {
        return visitor(new Browser.NewContextOptions());
    }

    /** The same with a window, a language or the like of one's own. */
    public Page visitor(Browser.NewContextOptions options) {
        assumeTrue(Files.isExecutable(BINARY), "chromium is not installed");
        BrowserContext context = browser().newContext(options);
        contexts.add(context);
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        return page;
    }

    /** Errors and warnings of all consoles of this test so far, violations of the content security policy among them. */
    public List<String> complaints() {
        return complaints;
    }

    @Override
    public void afterEach(ExtensionContext test) {
        clear();
    }
}
