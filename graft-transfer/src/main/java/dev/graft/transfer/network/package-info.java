/** The backbone of a run, and a head on it: drawn, with weights, and the names of what trains. */
@NullMarked
package dev.graft.transfer.network;

import org.jspecify.annotations.NullMarked;
