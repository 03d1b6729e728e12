/** What is wrong with a set of pictures: copies, leaks between its parts, labels that are probably wrong. */
@NullMarked
package dev.graft.audit;

import org.jspecify.annotations.NullMarked;
