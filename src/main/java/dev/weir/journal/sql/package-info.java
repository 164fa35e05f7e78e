/** Engines that keep events in a relational database. */
@NullMarked
package dev.weir.journal.sql;

import org.jspecify.annotations.NullMarked;
