/**
 * Running aggregates of the window stage: counts, sums, quantiles and their like, each a small object of one key and window. Pure:
 * they know no time, no flow and no thread but the one that calls them.
 */
@NullMarked
package dev.weir.flow.aggregate;

import org.jspecify.annotations.NullMarked;
