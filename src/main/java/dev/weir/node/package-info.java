/** The node: reads the configuration, forms the cluster, wires everything together. The only package that knows all others. */
@NullMarked
package dev.weir.node;

import org.jspecify.annotations.NullMarked;
