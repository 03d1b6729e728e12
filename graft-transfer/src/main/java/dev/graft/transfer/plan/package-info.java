/** What the pictures suggest, what that decides of the settings, and the phases of a run: a value, before anything trains. */
@NullMarked
package dev.graft.transfer.plan;

import org.jspecify.annotations.NullMarked;
