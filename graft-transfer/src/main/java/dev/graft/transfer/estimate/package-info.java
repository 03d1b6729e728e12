/** What a run takes on this machine, measured in some seconds before it is begun. */
@NullMarked
package dev.graft.transfer.estimate;

import org.jspecify.annotations.NullMarked;
