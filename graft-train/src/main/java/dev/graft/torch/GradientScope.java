package dev.graft.torch;

import org.jspecify.annotations.Nullable;

/**
 * What is computed in it is recorded, so that gradients can be asked for; all of it is freed when it closes. The
 * counterpart of Keras' {@code GradientTape} for training loops of one's own:
 *
 * <pre>{@code
 * try (var tape = GradientScope.open(engine)) {
 *     Tensor loss = ...;
 *     tape.backward(loss);
 *     optimizer.step();
 * }
 * }</pre>
 */
public final class GradientScope implements AutoCloseable {
    private final EngineUse use;
    private final Scope scope;
    private final Gradients recording;

    private GradientScope(EngineUse use) {
        this.use = use;
        scope = Scope.open();
        recording = Gradients.on();
    }

    /** Opens one on this thread, which computes with the engine until it closes: the gradients and the step too. */
    public static GradientScope open(Engine engine) {
        return new GradientScope(engine.use());
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
        use.close();
    }
}
