/**
 * From picture files to what a network gives for them. {@link dev.graft.encoder.ImageEncoder} takes one picture,
 * {@link dev.graft.encoder.ImagePass} goes over many. Prediction, audits, the frozen part of training and whoever wants features
 * go this way.
 */
@NullMarked
package dev.graft.encoder;

import org.jspecify.annotations.NullMarked;
