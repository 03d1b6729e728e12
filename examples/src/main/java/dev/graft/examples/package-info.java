/** The programs of the Keras guide to transfer learning and of its companions, written with Graft. */
@NullMarked
package dev.graft.examples;

import org.jspecify.annotations.NullMarked;
