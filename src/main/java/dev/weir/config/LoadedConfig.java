package dev.weir.config;

import java.nio.file.Path;

/**
 * A configuration without problems, and where it came from.
 *
 * @param config the values
 * @param origins effective values with their origin, for {@code weir config} and for problems found later
 * @param home what relative paths in the configuration resolve against; absolute
 * @param file the file that was read, as the user named it
 */
public record LoadedConfig(WeirConfig config, Origins origins, Path home, Path file) {
    /** A path of the configuration as a file of this machine. */
    public Path resolve(String path) {
        return home.resolve(path).normalize();
    }
}
