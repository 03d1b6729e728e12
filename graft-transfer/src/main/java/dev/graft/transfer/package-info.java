/**
 * Transfer learning proper, from a folder of pictures to a trained classifier, as values that flow one way. Each step is a
 * package, and knows only those before it:
 *
 * <ol>
 *   <li>{@code setting}, {@code config}: what a run can be told, and is
 *   <li>{@code network}: the backbone, and a head on it
 *   <li>{@code features}: the pass over the pictures, and the store of what the frozen part gives
 *   <li>{@code split}: training, validation and test part
 *   <li>{@code plan}: the advice, what it decides, and the phases
 *   <li>{@code phase}: what a phase trains on, how it is solved or measured, and the proof of what is frozen
 *   <li>{@code resume}: what is kept of a run that may be interrupted
 *   <li>{@code run}: all of it, and what comes out
 *   <li>{@code estimate}: what a run will take, before it is begun
 *   <li>{@code audit}: what is wrong with a folder of pictures
 * </ol>
 */
@NullMarked
package dev.graft.transfer;

import org.jspecify.annotations.NullMarked;
