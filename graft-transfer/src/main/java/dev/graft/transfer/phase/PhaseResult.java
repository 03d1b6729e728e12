package dev.graft.transfer.phase;

import dev.graft.report.Evaluation;
import dev.graft.train.History;
import org.jspecify.annotations.Nullable;

/**
 * What one phase did.
 *
 * @param history its epochs, or null of a head that was solved
 * @param validation how its weights did on the validation pictures
 * @param frozen the digest of everything that was frozen in it, verified at its end
 */
public record PhaseResult(String name, @Nullable History history, Evaluation validation, String frozen) {}
