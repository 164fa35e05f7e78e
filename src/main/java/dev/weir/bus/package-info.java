/** The wire contract: addresses, policies, permissions, failure codes, and the one way in for events. */
@NullMarked
package dev.weir.bus;

import org.jspecify.annotations.NullMarked;
