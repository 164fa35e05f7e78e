/** The configuration: YAML read into typed records, every problem reported at once with file, line and mend. */
@NullMarked
package dev.weir.config;

import org.jspecify.annotations.NullMarked;
