/**
 * Transfer learning for images on the JVM. This package holds what every other one needs: the exception a user sees and
 * the helper behind its "did you mean".
 */
@NullMarked
package dev.graft;

import org.jspecify.annotations.NullMarked;
