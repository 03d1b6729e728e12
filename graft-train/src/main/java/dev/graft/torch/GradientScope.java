package dev.graft.torch;

import org.jspecify.annotations.Nullable;

/**
 * What is computed in it is recorded, so that gradients can be asked for; all of it is freed when it closes. The
 * counterpart of Keras' {@code GradientTape} for training loops of one's own:
 *
 * <pre>{@code
 * try (var tape = GradientScope.open()) {
 *     Tensor loss = ...;
 *     tape.backward(loss);
 *     optimizer.step();
 * }
 * }</pre>
 */
public final class GradientScope implements AutoCloseable {
    private final Scope scope;
    private final Gradients recording;

    private GradientScope() {
        scope = Scope.open();
        recording = Gradients.on();
    }

    public static GradientScope open() {
        return new GradientScope();
    }

    /** Computes the gradients of a number with respect to every weight that trains. */
    public void backward(Tensor loss) {
        loss.backward();
    }

    /** The gradient of the last {@link #backward} for a weight, in its shape; null where none reached it. */
    public @Nullable Tensor gradient(Tensor weight) {
        return weight.gradient();
    }

    @Override
    public void close() {
        recording.close();
        scope.close();
    }
}
