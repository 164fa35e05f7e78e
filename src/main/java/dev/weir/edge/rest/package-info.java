/** The HTTP interface: publishing, requests, and what operators need. */
@NullMarked
package dev.weir.edge.rest;

import org.jspecify.annotations.NullMarked;
