/** The stages that ship with Weir, one file each. */
@NullMarked
package dev.weir.flow.stage;

import org.jspecify.annotations.NullMarked;
