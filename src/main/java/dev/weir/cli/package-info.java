/** The command line: what a user can ask without a node, and clients of a running node. */
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;
