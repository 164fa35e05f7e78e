package dev.weir.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A front-end package on the class path.
 *
 * @param artifact its name, which is its folder under {@code /webjars/}
 * @param version its version, which browsers need not know
 */
record WebJar(String artifact, String version) {
    private static final String ROOT = "META-INF/resources/webjars/";
    private static final Pattern JAR =
            Pattern.compile(".*/([A-Za-z0-9_.]+?(?:-[A-Za-z][A-Za-z0-9_.]*)*)-(\\d[^/]*)\\.jar!/.*");

    /** The folder of its resources. */
    String resources() {
        return ROOT + artifact + "/" + version;
    }

    /** Every WebJar there is. */
    static List<WebJar> onClassPath() {
        try {
            List<WebJar> found = new ArrayList<>();
            for (URL root : Collections.list(WebJar.class.getClassLoader().getResources(ROOT))) {
                Matcher jar = JAR.matcher(root.toString());
                if (jar.matches()) {
                    found.add(new WebJar(jar.group(1), jar.group(2)));
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the class path", e);
        }
    }
}
