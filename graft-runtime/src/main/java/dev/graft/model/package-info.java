/**
 * The functional graph of layers ({@link dev.graft.model.Model}), its flat form that engines run
 * ({@link dev.graft.model.Program}), and a model with weights and trainable flags ({@link dev.graft.model.Network}).
 */
@NullMarked
package dev.graft.model;

import org.jspecify.annotations.NullMarked;
