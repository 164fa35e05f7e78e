/**
 * Reads files record by record, off the event loop, in constant memory. Only the {@code file} input uses it; no public API.
 */
@NullMarked
package dev.weir.source.file;

import org.jspecify.annotations.NullMarked;
