/** What tests share: the stored reference vectors, the formulas of {@code tools/reference}, comparison, both engines. */
@NullMarked
package dev.graft.testing;

import org.jspecify.annotations.NullMarked;
