/** What is kept of a run so that it can go on where it was interrupted. */
@NullMarked
package dev.graft.transfer.resume;

import org.jspecify.annotations.NullMarked;
