/** A run from pictures to a classifier, and what comes out of it. */
@NullMarked
package dev.graft.transfer.run;

import org.jspecify.annotations.NullMarked;
