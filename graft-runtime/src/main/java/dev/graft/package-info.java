/**
 * Transfer learning for images on the JVM. This package holds what every other one needs and the JDK lacks: the exception
 * a user sees, the helper behind its "did you mean", names by pattern, files that are written whole, hashes, threads.
 */
@NullMarked
package dev.graft;

import org.jspecify.annotations.NullMarked;
