/** What is told about a trained model. */
@NullMarked
package dev.graft.report;

import org.jspecify.annotations.NullMarked;
